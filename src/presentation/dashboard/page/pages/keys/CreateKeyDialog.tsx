import { useState } from 'preact/hooks';
import type { Role } from '../../../../../domain/principal.ts';
import type { NewKey } from '../../../../wire/keys.ts';
import { postJson } from '../../data/http.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { useAction } from '../../ui/useAction.ts';

const ROLES: readonly { readonly role: Role; readonly words: string }[] = [
  { role: 'agent', words: 'submits jobs, steers its own' },
  { role: 'viewer', words: 'sees all, changes nothing' },
  { role: 'approver', words: 'sees all, decides approvals' },
  { role: 'admin', words: 'everything, keys included' },
];

const DAYS = [30, 90, 365] as const;

type CreateKeyProps = { readonly onClose: () => void; readonly onMade: (key: NewKey) => void };

export const CreateKeyDialog = ({ onClose, onMade }: CreateKeyProps) => {
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const [days, setDays] = useState<number | undefined>(90);
  const { isBusy, error, run } = useAction(async () =>
    onMade(
      await postJson<NewKey>('/api/v1/keys', {
        label: label.trim(),
        role,
        ...(days === undefined ? {} : { expires_in_days: days }),
      }),
    ),
  );
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <div class="field">
          <label for="key-label">What it is for</label>
          <input
            id="key-label"
            class="input"
            required
            maxLength={100}
            placeholder="CI of the web team"
            value={label}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
        </div>
        <fieldset class="choices">
          <legend>Role</legend>
          {ROLES.map((entry) => (
            <label key={entry.role} class="choice">
              <input
                type="radio"
                name="role"
                checked={role === entry.role}
                onChange={() => setRole(entry.role)}
              />
              <span>
                <strong>{entry.role}</strong> <span class="quiet">{entry.words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="key-days">Ends after</label>
          <select
            id="key-days"
            class="input"
            value={String(days ?? 'never')}
            onChange={({ currentTarget: { value } }) =>
              setDays(value === 'never' ? undefined : Number(value))
            }
          >
            {DAYS.map((count) => (
              <option key={count} value={String(count)}>
                {count} days
              </option>
            ))}
            <option value="never">Never</option>
          </select>
        </div>
        <ErrorNote error={error} />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="button primary" disabled={isBusy}>
            Make the key
          </button>
        </div>
      </form>
    </Dialog>
  );
};
