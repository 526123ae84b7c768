import type { ApprovalAnswer } from '../../../../wire/approval.ts';
import { pagePath } from '../../job/data/paths.ts';
import { CopyButton } from '../../job/ui/CopyButton.tsx';
import { Ago } from '../../ui/Duration.tsx';
import { Shown } from '../../ui/Shown.tsx';
import { decisionText, noContentText } from './words.ts';

const SHORT = 12;

/** What the task is for, and where it is. */
export const Goal = ({ goal, job_id, task_id }: Pick<ApprovalAnswer, 'goal' | 'job_id' | 'task_id'>) => (
  <section class="card approval-part" aria-labelledby="goal-title">
    <h2 id="goal-title">What the task is for</h2>
    <p class="approval-goal">
      <Shown text={goal} />
    </p>
    <p>
      <a href={pagePath(job_id, task_id)}>Task {task_id}</a> of <a href={pagePath(job_id)}>its job</a>
    </p>
  </section>
);

/** What is bound by a decision, who asked, and who has decided. */
export const AskedFacts = ({ approval }: { readonly approval: ApprovalAnswer }) => (
  <section class="card approval-part" aria-labelledby="facts-title">
    <h2 id="facts-title">What a decision binds</h2>
    <dl class="approval-facts">
      <dt>Digest</dt>
      <dd>
        <code title={approval.digest}>{approval.digest.slice(0, SHORT)}…</code>{' '}
        <CopyButton text={approval.digest} label="Copy the digest" />
      </dd>
      <dt>Asked for by</dt>
      <dd>
        the job of <code>{approval.requested_by}</code>, <Ago at={approval.created_at} />
        {approval.asked > 1 ? `, ${approval.asked} times` : ''}
      </dd>
      <dt>Policy</dt>
      <dd>
        <code title={approval.policy_hash}>{approval.policy_hash.slice(0, SHORT)}</code>
      </dd>
      {approval.files.length === 0 ? null : (
        <>
          <dt>These files as they are now</dt>
          <dd>
            <ul class="bound-files">
              {approval.files.map((file, at) => (
                <li key={at}>
                  <code title={file.real_path}>
                    <Shown text={file.path} />
                  </code>{' '}
                  <span class="quiet">
                    {file.sha256 === null ? (
                      noContentText(file, approval.touches)
                    ) : (
                      <code title={file.sha256}>{file.sha256.slice(0, 8)}</code>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {approval.decisions.length === 0 ? null : (
        <>
          <dt>Decided</dt>
          <dd>
            <ul>
              {approval.decisions.map((decision, at) => (
                <li key={at}>
                  <code>{decision.by}</code>: <Shown text={decisionText(decision)} />,{' '}
                  <Ago at={decision.at} />
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  </section>
);
