import type { AuditEntryAnswer } from '../../../../wire/audit.ts';
import { pagePath } from '../../job/data/paths.ts';
import { Shown } from '../../ui/Shown.tsx';
import { detailLines } from './auditEntries.ts';

const SHORT = 12;

/** An entry: when, what, who, about what; its detail opens under it. */
export const AuditItem = ({ row }: { readonly row: AuditEntryAnswer }) => {
  const lines = detailLines(row.detail);
  return (
    <li class="audit-item">
      <span class="audit-seq number quiet">{row.seq}</span>
      <time class="number quiet" dateTime={row.at}>
        {new Date(row.at).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'medium' })}
      </time>
      <strong class="audit-type">{row.type}</strong>
      <span class="audit-actor mono">
        <Shown text={row.actor} />
      </span>
      <span class="audit-about">
        {row.approval_id === undefined ? null : <a href={`/approvals/${row.approval_id}`}>approval</a>}
        {row.job_id === undefined ? null : (
          <a href={pagePath(row.job_id, row.task_id)}>{row.task_id ?? 'job'}</a>
        )}
      </span>
      <code class="audit-hash quiet" title={row.hash}>
        {row.hash.slice(0, SHORT)}
      </code>
      {lines.length === 0 ? null : (
        <details class="audit-detail">
          <summary>
            Detail<span class="hidden-words"> of entry {row.seq}</span>
          </summary>
          <dl>
            {lines.map(({ name, value }) => (
              <div key={name}>
                <dt>
                  <Shown text={name} />
                </dt>
                <dd class="mono">
                  <Shown text={value} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
};
