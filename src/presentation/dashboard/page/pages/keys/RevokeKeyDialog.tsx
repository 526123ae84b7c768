import type { KeyRow } from '../../../../wire/keys.ts';
import { deleteAt } from '../../data/http.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { toast } from '../../ui/toasts.ts';
import { useAction } from '../../ui/useAction.ts';

type RevokeKeyProps = {
  readonly row: KeyRow;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
};

export const RevokeKeyDialog = ({ row, onClose, onRevoked }: RevokeKeyProps) => {
  const { isBusy, error, run } = useAction(async () => {
    await deleteAt(`/api/v1/keys/${encodeURIComponent(row.id)}`);
    toast(`Key “${row.label}” revoked.`, 'good');
    onRevoked();
    onClose();
  });
  return (
    <Dialog title={`Revoke “${row.label}”`} onClose={onClose}>
      <p>Whoever uses it is refused from now on. This cannot be taken back.</p>
      <ErrorNote error={error} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" class="button danger" disabled={isBusy} onClick={run}>
          Revoke
        </button>
      </div>
    </Dialog>
  );
};
