import { useState } from 'preact/hooks';
import type { KeyRow, NewKey } from '../../../../wire/keys.ts';
import { getJson } from '../../data/http.ts';
import { mayManageKeys } from '../../data/session.ts';
import { useRefresh } from '../../data/useRefresh.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { CreateKeyDialog } from './CreateKeyDialog.tsx';
import { KeyItem } from './KeyItem.tsx';
import { RevokeKeyDialog } from './RevokeKeyDialog.tsx';
import { RotateKeyDialog } from './RotateKeyDialog.tsx';
import { SecretDialog } from './SecretDialog.tsx';
import './keys.css';

type Asking =
  | { readonly kind: 'create' }
  | { readonly kind: 'revoke' | 'rotate'; readonly row: KeyRow }
  | { readonly kind: 'secret'; readonly made: NewKey };

/** API keys, for admins. */
export const KeysPage = () => {
  usePageTitle('API keys');
  if (mayManageKeys.value) return <Keys />;
  return (
    <Empty isPage title="Keys are for admins">
      <p>Sign in as a person, by passkey or passphrase, to make and revoke API keys.</p>
      <a class="button" href="/login">
        Sign in as a person
      </a>
    </Empty>
  );
};

const Keys = () => {
  const [keys, know] = useState<readonly KeyRow[]>();
  const [error, setError] = useState<unknown>();
  const [asking, ask] = useState<Asking>();
  const refresh = useRefresh(async (signal) => {
    know((await getJson<{ keys: readonly KeyRow[] }>('/api/v1/keys', signal)).keys);
    setError(undefined);
  }, setError);
  const close = (): void => ask(undefined);
  const made = (key: NewKey): void => {
    ask({ kind: 'secret', made: key });
    refresh();
  };
  const live = keys?.filter((row) => row.revoked_at === undefined) ?? [];
  const revoked = keys?.filter((row) => row.revoked_at !== undefined) ?? [];
  return (
    <div class="keys">
      <div class="section-head">
        <h1>API keys</h1>
        <button type="button" class="button primary" onClick={() => ask({ kind: 'create' })}>
          <Icon name="plus" />
          New key
        </button>
      </div>
      <ErrorNote error={error} onRetry={refresh} />
      {keys === undefined ? null : live.length === 0 ? (
        <Empty title="No keys">
          <p>A key lets a program or another machine use this server, with the rights of one role.</p>
        </Empty>
      ) : (
        <ul class="card key-list">
          {live.map((row) => (
            <KeyItem
              key={row.id}
              row={row}
              onRotate={() => ask({ kind: 'rotate', row })}
              onRevoke={() => ask({ kind: 'revoke', row })}
            />
          ))}
        </ul>
      )}
      {revoked.length === 0 ? null : (
        <details>
          <summary>{revoked.length} revoked</summary>
          <ul class="card key-list">
            {revoked.map((row) => (
              <KeyItem key={row.id} row={row} />
            ))}
          </ul>
        </details>
      )}
      {asking?.kind === 'create' ? <CreateKeyDialog onClose={close} onMade={made} /> : null}
      {asking?.kind === 'rotate' ? <RotateKeyDialog row={asking.row} onClose={close} onMade={made} /> : null}
      {asking?.kind === 'revoke' ? (
        <RevokeKeyDialog row={asking.row} onClose={close} onRevoked={refresh} />
      ) : null}
      {asking?.kind === 'secret' ? <SecretDialog made={asking.made} onClose={close} /> : null}
    </div>
  );
};
