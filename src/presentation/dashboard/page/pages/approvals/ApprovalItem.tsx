import type { ApprovalRow } from '../../../../wire/approval.ts';
import { firstOf, isOpen } from '../../data/approvalList.ts';
import { Ago } from '../../ui/Duration.tsx';
import { Shown } from '../../ui/Shown.tsx';
import { LookBadge } from './LookBadge.tsx';
import { Remaining } from './Remaining.tsx';
import { decidedText, RISK_LOOKS, statusLook } from './words.ts';

/** Who decided, and why; nothing where that was nobody. */
const Decided = ({ row }: { readonly row: ApprovalRow }) => {
  const text = decidedText(row);
  return text === undefined ? null : <Shown text={text} />;
};

/** A request in the list: the part that it is about, and why one is asked. The whole of it is a press away. */
export const ApprovalItem = ({ row }: { readonly row: ApprovalRow }) => (
  <li class={`card approval-item ${isOpen(row) ? 'is-open' : ''}`}>
    <div class="approval-badges">
      <LookBadge {...(isOpen(row) ? RISK_LOOKS[row.risk] : statusLook(row))} />
    </div>
    <div class="approval-words">
      <a class="whole-card job-name" href={`/approvals/${row.approval_id}`}>
        <code>
          <Shown text={firstOf(row)} />
        </code>
      </a>
      <p>
        <Shown text={row.reasons[0]?.text ?? ''} />
      </p>
      <p class="quiet job-facts">
        <Shown text={row.tool} />
        <span>
          task <Shown text={row.task_id} />
        </span>
        {isOpen(row) ? (
          <span>
            left: <Remaining at={row.expires_at} />
          </span>
        ) : (
          <Decided row={row} />
        )}
        <Ago at={row.created_at} />
        {row.asked > 1 ? <span>asked {row.asked} times</span> : null}
      </p>
    </div>
  </li>
);
