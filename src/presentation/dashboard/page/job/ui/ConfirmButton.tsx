import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../../ui/Dialog.tsx';
import type { ActionResult } from '../data/jobActions.ts';

type Props = {
  readonly label: string;
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly action: () => Promise<ActionResult>;
  readonly onDone: (result: ActionResult) => void;
  readonly children: ComponentChildren;
};

/** A button that asks first; what will happen is its children. */
export const ConfirmButton = ({ label, title, confirm, danger, action, onDone, children }: Props) => {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      onDone(await action());
    } finally {
      setBusy(false);
      setOpen(false);
    }
  };
  const tone = danger ? 'danger' : '';
  return (
    <>
      <button type="button" class={`button small ${tone}`} onClick={() => setOpen(true)}>
        {label}
      </button>
      {open && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          {children}
          <div class="dialog-actions">
            <button type="button" class="button" onClick={() => setOpen(false)}>
              Leave it
            </button>
            <button
              type="button"
              class={`button ${danger ? 'danger' : 'primary'}`}
              disabled={busy}
              onClick={() => void run()}
            >
              {confirm}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
};
