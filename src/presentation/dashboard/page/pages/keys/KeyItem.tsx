import type { KeyRow } from '../../../../wire/keys.ts';
import { now } from '../../ui/clock.ts';
import { Ago } from '../../ui/Duration.tsx';

type KeyItemProps = { readonly row: KeyRow; readonly onRotate?: () => void; readonly onRevoke?: () => void };

const dayOf = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** One key of the list; without the two actions it is only told of. */
export const KeyItem = ({ row, onRotate, onRevoke }: KeyItemProps) => {
  const isOver = row.expires_at !== undefined && Date.parse(row.expires_at) < now.value;
  return (
    <li class="key-item">
      <div>
        <p class="key-label">{row.label}</p>
        <p class="quiet mono">{row.prefix}…</p>
      </div>
      <span class={`badge ${row.role === 'admin' ? 'tone-warn' : 'tone-idle'}`}>{row.role}</span>
      <p class="quiet key-facts">
        <span>
          made <Ago at={row.created_at} />
        </span>
        <span>
          {row.last_used_at === undefined ? (
            'never used'
          ) : (
            <>
              used <Ago at={row.last_used_at} />
            </>
          )}
        </span>
        {row.revoked_at !== undefined ? (
          <span>
            revoked <Ago at={row.revoked_at} />
          </span>
        ) : row.expires_at === undefined ? (
          <span>no end</span>
        ) : (
          <span class={isOver ? 'is-over' : ''}>
            {isOver ? 'ended' : 'until'} {dayOf(row.expires_at)}
          </span>
        )}
      </p>
      <div class="key-actions">
        {onRotate === undefined ? null : (
          <button type="button" class="button small" aria-label={`Rotate ${row.label}`} onClick={onRotate}>
            Rotate
          </button>
        )}
        {onRevoke === undefined ? null : (
          <button
            type="button"
            class="button small danger"
            aria-label={`Revoke ${row.label}`}
            onClick={onRevoke}
          >
            Revoke
          </button>
        )}
      </div>
    </li>
  );
};
