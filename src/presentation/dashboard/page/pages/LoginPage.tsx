import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { SessionAnswer } from '../../../wire/session.ts';
import { openSession, session } from '../data/session.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Note } from '../ui/Note.tsx';
import { usePageTitle } from '../ui/pageTitle.ts';
import { signInByKey, signInByPasskey, signInByPassphrase } from './signIn.ts';
import './login.css';

type Way = 'passphrase' | 'key';

/** Where somebody who came here from a page goes back to: a path of this dashboard, and nothing else. */
const wayBack = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[\w\-./]*$/.test(next) ? next : '/';

const mayUsePasskey = 'PublicKeyCredential' in globalThis;

/** Who comes in, and how. It stands at every address until one is in, so that one lands where one wanted. */
export const LoginPage = ({ expired = false }: { readonly expired?: boolean }) => {
  usePageTitle('Sign in');
  const { path, query, route } = useLocation();
  const [way, choose] = useState<Way>('passphrase');
  const [secret, setSecret] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const enter = async (signIn: () => Promise<SessionAnswer>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const opened = await signIn();
      setSecret('');
      openSession(opened);
      if (path === '/login') route(wayBack(query.next), true);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  const current = session.value;
  const Frame = current === undefined ? 'main' : 'div';
  return (
    <Frame class="login" {...(current === undefined ? { id: 'main' } : {})}>
      <div class="card login-card">
        <div>
          <h1>Sign in</h1>
          <p class="quiet">Claude Orchestrator</p>
        </div>
        {expired ? (
          <Note tone="warn" title="The session has ended. Sign in to go on where you were." />
        ) : null}
        {current === undefined ? null : (
          <Note tone="idle" title={`You are signed in as ${current.principal}.`}>
            <p>Signing in here replaces that session.</p>
          </Note>
        )}
        {mayUsePasskey ? (
          <>
            <button
              type="button"
              class="button primary wide"
              disabled={isBusy}
              onClick={() => void enter(signInByPasskey)}
            >
              Use a passkey
            </button>
            <p class="or">or</p>
          </>
        ) : null}
        <form
          class="login-form"
          onSubmit={(event) => {
            event.preventDefault();
            void enter(() => (way === 'key' ? signInByKey(secret) : signInByPassphrase(secret)));
          }}
        >
          <fieldset class="segments">
            <legend class="hidden-words">By what</legend>
            {(['passphrase', 'key'] as const).map((name) => (
              <label key={name}>
                <input
                  type="radio"
                  name="way"
                  checked={way === name}
                  onChange={() => {
                    choose(name);
                    setSecret('');
                    setError(undefined);
                  }}
                />
                <span>{name === 'key' ? 'API key' : 'Passphrase'}</span>
              </label>
            ))}
          </fieldset>
          <div class="field">
            <label for="secret">{way === 'key' ? 'API key' : 'Passphrase'}</label>
            <input
              id="secret"
              class="input"
              type="password"
              required
              autocomplete={way === 'key' ? 'off' : 'current-password'}
              placeholder={way === 'key' ? 'co_…' : ''}
              value={secret}
              onInput={(event) => setSecret(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class={`button wide ${mayUsePasskey ? '' : 'primary'}`} disabled={isBusy}>
            {isBusy ? 'Signing in…' : 'Sign in'}
          </button>
        </form>
        <ErrorNote error={error} />
        <div class="login-hint">
          <p>On the machine where the server runs, a one-time link signs you in:</p>
          <code>claude-orchestrator dashboard</code>
          <p class="quiet">It opens with the rights of your agents. The passphrase is set by init.</p>
        </div>
      </div>
    </Frame>
  );
};
