import { useState } from 'preact/hooks';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';

type PassphraseDialogProps = {
  readonly title: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly asksLabel?: boolean;
  readonly onClose: () => void;
  /** The dialog closes when it is fulfilled; a rejection is shown in it. */
  readonly run: (passphrase: string, label: string) => Promise<void>;
};

/** A step that asks for the passphrase once more. */
export const PassphraseDialog = ({
  title,
  action,
  danger,
  asksLabel,
  onClose,
  run,
}: PassphraseDialogProps) => {
  const [passphrase, setPassphrase] = useState('');
  const [label, setLabel] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await run(passphrase, label.trim());
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {asksLabel ? (
          <div class="field">
            <label for="passkey-label">Name</label>
            <input
              id="passkey-label"
              class="input"
              required
              maxLength={100}
              placeholder="Laptop"
              value={label}
              onInput={(event) => setLabel(event.currentTarget.value)}
            />
          </div>
        ) : null}
        <div class="field">
          <label for="passphrase">Passphrase</label>
          <input
            id="passphrase"
            class="input"
            type="password"
            required
            autocomplete="current-password"
            value={passphrase}
            onInput={(event) => setPassphrase(event.currentTarget.value)}
          />
        </div>
        <ErrorNote error={error} />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class={`button ${danger ? 'danger' : 'primary'}`} disabled={isBusy}>
            {isBusy ? 'One moment…' : action}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
