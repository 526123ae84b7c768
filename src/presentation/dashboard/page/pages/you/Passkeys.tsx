import { useState } from 'preact/hooks';
import type { PasskeyRow } from '../../../../wire/session.ts';
import { deleteAt, getJson } from '../../data/http.ts';
import { useRefresh } from '../../data/useRefresh.ts';
import { Ago } from '../../ui/Duration.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { toast } from '../../ui/toasts.ts';
import { addPasskey } from '../signIn.ts';
import { PassphraseDialog } from './PassphraseDialog.tsx';

type Asking = { readonly kind: 'add' } | { readonly kind: 'remove'; readonly passkey: PasskeyRow };

/** The passkeys that open this dashboard as a person. Every change asks for the passphrase. */
export const Passkeys = () => {
  const [passkeys, know] = useState<readonly PasskeyRow[]>();
  const [error, setError] = useState<unknown>();
  const [asking, ask] = useState<Asking>();
  const refresh = useRefresh(async (signal) => {
    const answer = await getJson<{ passkeys: readonly PasskeyRow[] }>('/api/v1/auth/passkeys', signal);
    know(answer.passkeys);
    setError(undefined);
  }, setError);
  return (
    <section aria-labelledby="passkeys-title">
      <div class="section-head">
        <h2 id="passkeys-title" class="section-title">
          Passkeys
        </h2>
        {'PublicKeyCredential' in globalThis ? (
          <button type="button" class="button small" onClick={() => ask({ kind: 'add' })}>
            <Icon name="plus" />
            Add this device
          </button>
        ) : (
          <span class="quiet">This browser has none, or the page came by plain HTTP.</span>
        )}
      </div>
      <ErrorNote error={error} onRetry={refresh} />
      {passkeys === undefined ? null : passkeys.length === 0 ? (
        <p class="quiet nothing">None yet. A passkey signs you in without the passphrase.</p>
      ) : (
        <ul class="card passkeys">
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <Icon name="key" />
              <span class="passkey-label">{passkey.label}</span>
              <span class="quiet">
                added <Ago at={passkey.created_at} />
                {passkey.last_used_at === undefined ? null : (
                  <>
                    , used <Ago at={passkey.last_used_at} />
                  </>
                )}
              </span>
              <button
                type="button"
                class="button plain small"
                aria-label={`Remove ${passkey.label}`}
                title="Remove"
                onClick={() => ask({ kind: 'remove', passkey })}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {asking?.kind === 'add' ? (
        <PassphraseDialog
          title="Add a passkey"
          action="Add"
          asksLabel
          onClose={() => ask(undefined)}
          run={async (passphrase, label) => {
            await addPasskey(passphrase, label);
            toast(`Passkey “${label}” added.`, 'good');
            refresh();
          }}
        />
      ) : null}
      {asking?.kind === 'remove' ? (
        <PassphraseDialog
          title={`Remove “${asking.passkey.label}”`}
          action="Remove"
          danger
          onClose={() => ask(undefined)}
          run={async (passphrase) => {
            await deleteAt(`/api/v1/auth/passkeys/${encodeURIComponent(asking.passkey.id)}`, { passphrase });
            toast(`Passkey “${asking.passkey.label}” removed.`, 'good');
            refresh();
          }}
        />
      ) : null}
    </section>
  );
};
