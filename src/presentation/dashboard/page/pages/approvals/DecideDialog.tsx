import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalAnswer, DecisionAnswer } from '../../../../wire/approval.ts';
import { firstOf } from '../../data/approvalList.ts';
import { ProblemError } from '../../data/http.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Shown } from '../../ui/Shown.tsx';
import { useAction } from '../../ui/useAction.ts';
import { approve, approveByPasskey, deny, type Extent } from './decide.ts';
import type { Ways } from './ways.ts';

const EXTENTS: readonly { readonly extent: Extent; readonly words: string; readonly more: string }[] = [
  { extent: 'once', words: 'Once', more: 'the next equal call asks again' },
  { extent: 'three', words: '3 times', more: 'exactly this call, with exactly these files' },
  { extent: 'hour', words: 'For one hour', more: 'exactly this call, with exactly these files' },
];
const WAY_WORDS = { passkey: 'Approve with passkey', session: 'Approve' } as const;

type DecideProps = {
  readonly approval: ApprovalAnswer;
  readonly decision: 'approve' | 'deny';
  readonly ways: Ways;
  readonly onClose: () => void;
  /** Told true when a decision goes out, and false once it is answered. */
  readonly onSend: (isUnderWay: boolean) => void;
  readonly onDecided: (answer: DecisionAnswer) => void;
  /** Somebody or something was faster (409). */
  readonly onTooLate: (detail: string) => void;
};

/** The second step of a decision: why, how often, and the proof. Its field takes the focus, so that no stray key decides. */
export const DecideDialog = ({
  approval,
  decision,
  ways,
  onClose,
  onSend,
  onDecided,
  onTooLate,
}: DecideProps) => {
  const [reason, setReason] = useState('');
  const [extent, choose] = useState<Extent>('once');
  const field = useRef<HTMLTextAreaElement>(null);
  const id = approval.approval_id;
  const [first, second] = ways.approve;
  const by = (way: Ways['approve'][number] | undefined) => async (): Promise<void> => {
    onSend(true);
    try {
      onDecided(
        decision === 'deny'
          ? await deny(id, reason.trim())
          : await (way === 'passkey' ? approveByPasskey : approve)(id, reason.trim(), extent),
      );
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 409) throw error;
      onTooLate(error.message);
    } finally {
      onSend(false);
    }
  };
  const main = useAction(by(first));
  const other = useAction(by(second));
  const isBusy = main.isBusy || other.isBusy;
  useEffect(() => field.current?.focus(), []);
  return (
    <Dialog title={decision === 'approve' ? 'Approve exactly this call' : 'Deny this call'} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) main.run();
        }}
      >
        <p class="decide-what">
          <strong>{approval.risk}</strong>{' '}
          <code>
            <Shown text={firstOf(approval)} />
          </code>
        </p>
        <div class="field">
          <label for="decide-reason">{decision === 'approve' ? 'Why (may be empty)' : 'Why'}</label>
          <textarea
            ref={field}
            id="decide-reason"
            class="input"
            maxLength={2000}
            rows={3}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
          <p class="hint">
            {decision === 'approve'
              ? 'Kept in the audit log. Ctrl + Enter approves.'
              : 'The worker is told it and goes on without the call. Ctrl + Enter denies.'}
          </p>
        </div>
        {decision === 'approve' && approval.risk !== 'CRITICAL' ? (
          <fieldset class="choices">
            <legend>How often</legend>
            {EXTENTS.map((entry) => (
              <label key={entry.extent} class="choice">
                <input
                  type="radio"
                  name="extent"
                  checked={extent === entry.extent}
                  onChange={() => choose(entry.extent)}
                />
                <span>
                  <strong>{entry.words}</strong> <span class="quiet">{entry.more}</span>
                </span>
              </label>
            ))}
          </fieldset>
        ) : null}
        <ErrorNote error={main.error ?? other.error} />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Leave it
          </button>
          {decision === 'approve' && second !== undefined ? (
            <button type="button" class="button" disabled={isBusy} onClick={other.run}>
              {second === 'session' ? 'Approve without a passkey' : WAY_WORDS[second]}
            </button>
          ) : null}
          <button
            type="submit"
            class={`button ${decision === 'deny' ? 'danger' : 'primary'}`}
            disabled={isBusy}
          >
            {isBusy ? 'One moment…' : decision === 'deny' ? 'Deny' : WAY_WORDS[first ?? 'session']}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
