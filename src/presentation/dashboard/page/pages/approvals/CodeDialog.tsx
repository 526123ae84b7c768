import { useEffect, useState } from 'preact/hooks';
import { ProblemError } from '../../data/http.ts';
import { now } from '../../ui/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { useAction } from '../../ui/useAction.ts';
import { type OneTimeCode, showCode } from './decide.ts';
import { Remaining } from './Remaining.tsx';

type CodeProps = {
  readonly approvalId: string;
  readonly onClose: () => void;
  readonly onTooLate: (detail: string) => void;
};

/** A one-time code that a person tells an agent. It is kept nowhere: whoever closes this asks for a new one. */
export const CodeDialog = ({ approvalId, onClose, onTooLate }: CodeProps) => {
  const [shown, show] = useState<OneTimeCode>();
  const { isBusy, error, run } = useAction(async () => {
    show(undefined);
    try {
      show(await showCode(approvalId));
    } catch (failure) {
      if (!(failure instanceof ProblemError) || failure.status !== 409) throw failure;
      onTooLate(failure.message);
    }
  });
  useEffect(run, []);
  const isOver = shown !== undefined && Date.parse(shown.expires_at) <= now.value;
  return (
    <Dialog title="One-time code" onClose={onClose}>
      <p>
        Tell it to the agent that you trust with this one call: it decides by <code>approve_operation</code>{' '}
        with this code. It works once. Five wrong ones deny the call.
      </p>
      <div role="status" class="one-time">
        {shown === undefined || isOver ? null : (
          <output class="one-time-code" aria-label="The code">
            {shown.code}
          </output>
        )}
        {isOver ? <p>This code is over.</p> : null}
      </div>
      {shown === undefined || isOver ? null : (
        <p class="quiet">
          Good for <Remaining at={shown.expires_at} />
        </p>
      )}
      <ErrorNote error={error} />
      <div class="dialog-actions">
        <button type="button" class="button" disabled={isBusy} onClick={run}>
          New code
        </button>
        <button type="button" class="button primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
};
