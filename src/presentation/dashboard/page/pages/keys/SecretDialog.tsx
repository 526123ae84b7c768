import { useState } from 'preact/hooks';
import type { NewKey } from '../../../../wire/keys.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Note } from '../../ui/Note.tsx';

/** The secret of a new key: here and never again. */
export const SecretDialog = ({ made, onClose }: { readonly made: NewKey; readonly onClose: () => void }) => {
  const [copied, setCopied] = useState<boolean>();
  const copy = (): void => {
    // Without a secure context there is no clipboard: the field is there to copy from by hand.
    const written = navigator.clipboard?.writeText(made.key) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Dialog title={`Key “${made.label}”`} onClose={onClose}>
      <Note tone="warn" title="Copy it now: it is shown only this once." />
      <div class="secret">
        <input
          class="input mono"
          readOnly
          aria-label="The secret"
          value={made.key}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button primary" onClick={copy}>
          <Icon name={copied ? 'check' : 'copy'} />
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <p role="status" class="quiet">
        {copied === false ? 'The browser did not let it be copied: mark it and copy it by hand.' : ''}
      </p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          I have it
        </button>
      </div>
    </Dialog>
  );
};
