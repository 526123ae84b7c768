import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalAnswer, DecisionAnswer } from '../../../../wire/approval.ts';
import { isOpen } from '../../data/approvalList.ts';
import { refreshApprovals } from '../../data/approvals.ts';
import { ProblemError } from '../../data/http.ts';
import { session } from '../../data/session.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Note } from '../../ui/Note.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { Shown } from '../../ui/Shown.tsx';
import { useShortcut } from '../../ui/shortcuts.ts';
import { toast } from '../../ui/toasts.ts';
import { ApprovalDiff } from './ApprovalDiff.tsx';
import { AskedCall, Danger } from './AskedCall.tsx';
import { AskedFacts, Goal } from './AskedFacts.tsx';
import { CodeDialog } from './CodeDialog.tsx';
import { DecideCard, NextAsked } from './DecideCard.tsx';
import { DecideDialog } from './DecideDialog.tsx';
import { LookBadge } from './LookBadge.tsx';
import { Touches } from './Touches.tsx';
import { useApproval } from './useApproval.ts';
import { type Ways, waysOf } from './ways.ts';
import { decidedText, RISK_LOOKS, statusLook, tooLateText } from './words.ts';
import './approvals.css';

const hasPasskeys = 'PublicKeyCredential' in globalThis;

/** One request for approval: what it is about, the exact call, what it would touch, and the decision. */
export const ApprovalPage = ({ approvalId }: { readonly approvalId: string }) => {
  usePageTitle('Approval');
  const { approval, error, refresh } = useApproval(approvalId);
  const current = session.value;
  if (approval === undefined || current === undefined) {
    if (error instanceof ProblemError && error.status === 404) {
      return (
        <Empty isPage title="There is no such approval">
          <p>It is not there, or its job is not one that you may see.</p>
          <a class="button" href="/approvals">
            All approvals
          </a>
        </Empty>
      );
    }
    return error === undefined ? <p aria-busy="true" /> : <ErrorNote error={error} onRetry={refresh} />;
  }
  return (
    <Asked
      approval={approval}
      ways={waysOf(current, approval, hasPasskeys)}
      onNews={() => {
        refresh();
        refreshApprovals();
      }}
    />
  );
};

type AskedProps = {
  readonly approval: ApprovalAnswer;
  readonly ways: Ways;
  readonly onNews: () => void;
};

const Asked = ({ approval, ways, onNews }: AskedProps) => {
  const [asking, ask] = useState<'approve' | 'deny' | 'code'>();
  /** Set where this page wanted to decide and something else was faster. */
  const [tooLate, setTooLate] = useState<string>();
  const isSending = useRef(false);
  const [ends, setEnds] = useState(0);
  const title = useRef<HTMLHeadingElement>(null);
  const open = isOpen(approval);
  const mayApprove = open && ways.approve.length > 0;
  const mayDeny = open && ways.mayDeny;
  useShortcut(
    'a',
    'Approve (asks once more)',
    useCallback(() => {
      if (mayApprove) ask('approve');
    }, [mayApprove]),
  );
  useShortcut(
    'd',
    'Deny (asks once more)',
    useCallback(() => {
      if (mayDeny) ask('deny');
    }, [mayDeny]),
  );
  const finish = (): void => {
    ask(undefined);
    onNews();
    setEnds((before) => before + 1);
  };
  const late = (detail: string): void => {
    setTooLate(detail);
    finish();
  };
  const decided = (answer: DecisionAnswer): void => {
    toast(
      isOpen(answer)
        ? 'Your approval counts. One more person has to approve.'
        : answer.status === 'denied'
          ? 'Denied.'
          : 'Approved.',
      'good',
    );
    finish();
  };
  // Under the hands of someone who is about to decide, the request was decided elsewhere.
  useEffect(() => {
    // One's own decision may be told by the stream before it is answered.
    if (open || asking === undefined || isSending.current) return;
    setTooLate('');
    ask(undefined);
    setEnds((before) => before + 1);
  }, [open]);
  // What had the focus has gone with the request; the dialog has given it back to that by now.
  useEffect(() => {
    if (ends > 0) requestAnimationFrame(() => title.current?.focus({ preventScroll: true }));
  }, [ends]);
  return (
    <div class="approval">
      <header class="approval-head">
        <a class="approval-back" href="/approvals">
          <Icon name="back" /> Approvals
        </a>
        <h1 ref={title} tabIndex={-1}>
          {open ? 'May a worker use ' : 'A worker asked for '}
          <Shown text={approval.tool} />
          {open ? '?' : ''}
        </h1>
        <p class="approval-badges" role="status">
          <LookBadge {...RISK_LOOKS[approval.risk]} />
          <LookBadge {...statusLook(approval)} />
          {approval.asked > 1 ? <span class="quiet">asked {approval.asked} times</span> : null}
        </p>
        {tooLate === undefined ? null : (
          <Note tone="warn" role="alert" title={open ? tooLate : tooLateText(approval)} />
        )}
      </header>
      <div class="approval-main">
        <Danger reasons={approval.reasons} />
        <AskedCall {...approval} />
      </div>
      <div class="approval-side">
        {open ? (
          <DecideCard approval={approval} ways={ways} onAsk={ask} />
        ) : (
          <section class="card approval-part decide" aria-labelledby="decided-title">
            <h2 id="decided-title">{statusLook(approval).word}</h2>
            <p>
              <Shown text={decidedText(approval) ?? 'Nobody decided, so the call did not run.'} />
            </p>
            <NextAsked than={approval.approval_id} />
          </section>
        )}
      </div>
      <div class="approval-rest">
        <Touches touches={approval.touches} />
        {approval.diff === undefined || approval.diff === '' ? null : (
          <ApprovalDiff diff={approval.diff} path={approval.touches[0]?.path ?? 'file'} />
        )}
        <Goal {...approval} />
        <AskedFacts approval={approval} />
      </div>
      {open && asking === 'code' ? (
        <CodeDialog approvalId={approval.approval_id} onClose={() => ask(undefined)} onTooLate={late} />
      ) : null}
      {open && (asking === 'approve' || asking === 'deny') ? (
        <DecideDialog
          key={asking}
          approval={approval}
          decision={asking}
          ways={ways}
          onClose={() => ask(undefined)}
          onSend={(isUnderWay) => {
            isSending.current = isUnderWay;
          }}
          onDecided={decided}
          onTooLate={late}
        />
      ) : null}
    </div>
  );
};
