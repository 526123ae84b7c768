import { useState } from 'preact/hooks';
import type { SessionAnswer } from '../../../../wire/session.ts';
import { isPerson, mayAudit, maySubmit, session, signOut } from '../../data/session.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { countText } from '../../ui/format.ts';
import { Note } from '../../ui/Note.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { Passkeys } from './Passkeys.tsx';
import './you.css';

const VIA: Readonly<Record<SessionAnswer['via'], string>> = {
  link: 'the one-time link of this machine',
  passphrase: 'the passphrase',
  passkey: 'a passkey',
  key: 'an API key',
};

const RIGHTS: Readonly<Record<SessionAnswer['roles'][number], string>> = {
  agent: 'submits jobs; sees, steers and cancels its own',
  viewer: 'sees all jobs, changes nothing',
  approver: 'sees all jobs, decides what waits for approval',
  admin: 'may do everything, API keys included',
};

/** Who one is here, until when, and what that allows. */
export const YouPage = () => {
  usePageTitle('You');
  const [error, setError] = useState<unknown>();
  const current = session.value;
  if (current === undefined) return null;
  return (
    <div class="you">
      <h1>You</h1>
      <section class="card session" aria-label="Session">
        <dl>
          <dt>Signed in as</dt>
          <dd class="mono">{current.principal}</dd>
          <dt>By</dt>
          <dd>{VIA[current.via]}</dd>
          <dt>Until</dt>
          <dd>
            <time dateTime={current.expires_at}>
              {new Date(current.expires_at).toLocaleString(undefined, {
                dateStyle: 'medium',
                timeStyle: 'short',
              })}
            </time>
          </dd>
          <dt>Rights</dt>
          <dd>
            <ul class="rights">
              {current.roles.map((role) => (
                <li key={role}>
                  <strong>{role}</strong> <span class="quiet">{RIGHTS[role]}</span>
                </li>
              ))}
            </ul>
          </dd>
        </dl>
        {mayAudit.value ? <a href="/audit">Audit log</a> : null}
        <button type="button" class="button" onClick={() => void signOut().catch(setError)}>
          Sign out
        </button>
        <ErrorNote error={error} />
      </section>
      <Limits />
      <ThePerson />
      {isPerson.value ? <Passkeys /> : null}
    </div>
  );
};

/** Whether there is a person who can approve, and by what: whoever is signed in sees it. */
const ThePerson = () => {
  const person = session.value?.person;
  if (person === undefined) return null;
  if (!person.passphrase_set && person.passkeys === 0) {
    return (
      <Note tone="warn" title="No person is set up">
        <p>
          Nobody can approve what workers ask for. <code>claude-orchestrator init</code> sets a passphrase, in
          a terminal.
        </p>
      </Note>
    );
  }
  return (
    <Note tone="good" title="A person is set up">
      <p>
        {person.passphrase_set ? 'The passphrase is set' : 'No passphrase'},{' '}
        {person.passkeys === 0 ? 'no passkeys' : countText(person.passkeys, 'passkey')}. What workers ask for
        is approved by these, and by nothing that an agent holds.
      </p>
    </Note>
  );
};

/** What this session cannot do, and what can: no dead buttons anywhere else. */
const Limits = () => {
  if (isPerson.value) return null;
  return (
    <Note tone="idle" title="What this session cannot do">
      <p>
        {maySubmit.value
          ? 'It is an agent’s: it sees and steers only the jobs that agents of this machine started. Passkeys and approvals are a person’s, so that an agent cannot grant itself what it asks for.'
          : 'It was opened by a credential, not by a person: it can start no jobs, and passkeys and approvals are a person’s.'}
      </p>
      <a class="button small" href="/login">
        Sign in as a person
      </a>
    </Note>
  );
};
