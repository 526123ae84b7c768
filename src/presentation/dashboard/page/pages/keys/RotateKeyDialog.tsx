import { useState } from 'preact/hooks';
import type { KeyRow, NewKey } from '../../../../wire/keys.ts';
import { postJson } from '../../data/http.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { useAction } from '../../ui/useAction.ts';

const OVERLAPS = [
  { seconds: 0, words: 'at once' },
  { seconds: 300, words: 'in five minutes' },
  { seconds: 3600, words: 'in an hour' },
] as const;

type RotateKeyProps = {
  readonly row: KeyRow;
  readonly onClose: () => void;
  readonly onMade: (key: NewKey) => void;
};

export const RotateKeyDialog = ({ row, onClose, onMade }: RotateKeyProps) => {
  const [seconds, choose] = useState<number>(3600);
  const { isBusy, error, run } = useAction(async () =>
    onMade(
      await postJson<NewKey>(`/api/v1/keys/${encodeURIComponent(row.id)}/rotate`, {
        overlap_seconds: seconds,
      }),
    ),
  );
  return (
    <Dialog title={`Rotate “${row.label}”`} onClose={onClose}>
      <p>A new secret takes its place, with the same role.</p>
      <fieldset class="choices">
        <legend>The old one stops working</legend>
        {OVERLAPS.map((entry) => (
          <label key={entry.seconds} class="choice">
            <input
              type="radio"
              name="overlap"
              checked={seconds === entry.seconds}
              onChange={() => choose(entry.seconds)}
            />
            <span>{entry.words}</span>
          </label>
        ))}
      </fieldset>
      <ErrorNote error={error} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Leave it
        </button>
        <button type="button" class="button primary" disabled={isBusy} onClick={run}>
          Rotate
        </button>
      </div>
    </Dialog>
  );
};
