import type { ApprovalRow } from '../../../../wire/approval.ts';
import type { JobRow } from '../../../../wire/jobList.ts';
import { firstOf } from '../../data/approvalList.ts';
import { rows as jobs, markSeen } from '../../data/jobs.ts';
import { hasEnded } from '../../data/overview.ts';
import { Ago } from '../../ui/Duration.tsx';
import { folderName } from '../../ui/format.ts';
import { Shown } from '../../ui/Shown.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { TaskBar } from '../../ui/TaskBar.tsx';

type WantsProps = { readonly approvals: readonly ApprovalRow[]; readonly rows: readonly JobRow[] };

/** More than so many have a page of their own. */
const SHOWN_APPROVALS = 5;

/** What waits for a person, calls of workers first: they hold work up. Not there where nothing does. */
export const WantsSection = ({ approvals, rows }: WantsProps) => {
  if (approvals.length + rows.length === 0) return null;
  return (
    <section aria-labelledby="wants-title">
      <h2 id="wants-title" class="section-title">
        Wants you
      </h2>
      <ul class="wants">
        {approvals.slice(0, SHOWN_APPROVALS).map((row) => (
          <Asking key={row.approval_id} row={row} />
        ))}
        {approvals.length > SHOWN_APPROVALS ? (
          <li>
            <a href="/approvals">{approvals.length - SHOWN_APPROVALS} more wait for a decision</a>
          </li>
        ) : null}
        {rows.map((row) => (
          <Wanting key={row.job_id} row={row} />
        ))}
      </ul>
    </section>
  );
};

const Asking = ({ row }: { readonly row: ApprovalRow }) => (
  <li class="card wanting decides">
    <StateBadge state="approval" />
    <div class="wanting-words">
      <a class="whole-card job-name" href={`/approvals/${row.approval_id}`}>
        <span class="hidden-words">Decide: </span>
        <code class="wanting-command">
          <Shown text={firstOf(row)} />
        </code>
      </a>
      <p class="wanting-why">
        <Shown text={row.reasons[0]?.text ?? `A worker wants to use ${row.tool}.`} />
      </p>
      <p class="quiet job-facts">
        <span>{row.risk}</span>
        <span>{jobs.value.get(row.job_id)?.request ?? `task ${row.task_id}`}</span>
        <Ago at={row.created_at} />
      </p>
    </div>
  </li>
);

const Wanting = ({ row }: { readonly row: JobRow }) => {
  const decides = row.attention !== undefined;
  return (
    <li class={`card wanting ${decides ? 'decides' : 'failing'}`}>
      <StateBadge state={decides ? 'attention' : 'failed'} />
      <div class="wanting-words">
        <a class="whole-card job-name" href={`/jobs/${row.job_id}`}>
          {row.request}
        </a>
        <p class="wanting-why">
          {row.attention ?? `${row.progress.done} of ${row.progress.total} tasks were done when it failed.`}
        </p>
        <p class="quiet job-facts">
          <span title={row.workspace}>{folderName(row.workspace)}</span>
          <Ago at={row.ended_at ?? row.created_at} />
        </p>
        {hasEnded(row) ? null : (
          <TaskBar done={row.progress.done} total={row.progress.total} label={row.request} />
        )}
      </div>
      {hasEnded(row) ? (
        <button
          type="button"
          class="button small above-card"
          aria-label={`Put aside: ${row.request}`}
          onClick={() => markSeen(row.job_id)}
        >
          Put aside
        </button>
      ) : null}
    </li>
  );
};
