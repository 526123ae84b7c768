import { firstOf } from '../../data/approvalList.ts';
import { openApprovals } from '../../data/approvals.ts';
import { countText } from '../../ui/format.ts';
import { Shown } from '../../ui/Shown.tsx';
import { pagePath } from '../data/paths.ts';

/** The calls of this job's workers that wait for a decision, before everything else. */
export const AsksBanner = ({ jobId }: { readonly jobId: string }) => {
  const rows = (openApprovals.value ?? []).filter((row) => row.job_id === jobId);
  if (rows.length === 0) return null;
  return (
    <section class="job-attention job-asks" aria-labelledby="job-asks-title">
      <strong id="job-asks-title">
        {countText(rows.length, 'call waits', 'calls wait')} for your decision
      </strong>
      <ul>
        {rows.slice(0, 5).map((row) => (
          <li key={row.approval_id}>
            <a href={`/approvals/${row.approval_id}`}>
              <code>
                <Shown text={firstOf(row)} />
              </code>
            </a>{' '}
            <span>
              {row.risk}, of task <a href={pagePath(jobId, row.task_id)}>{row.task_id}</a>
            </span>
          </li>
        ))}
      </ul>
      {rows.length > 5 ? <a href="/approvals">All {rows.length}</a> : null}
    </section>
  );
};
