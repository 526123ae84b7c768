import '../../job/job.css';
import '../../job/diff/diff.css';
import { useMemo } from 'preact/hooks';
import { DiffFiles } from '../../job/diff/DiffFiles.tsx';
import { filesOfApproval } from './approvalDiff.ts';

type DiffProps = { readonly diff: string; readonly path: string };

/** What a file tool would write, as the page of a job shows it. */
export const ApprovalDiff = ({ diff, path }: DiffProps) => {
  const files = useMemo(() => filesOfApproval(diff, path), [diff, path]);
  return (
    <section class="card approval-part" aria-labelledby="approval-diff-title">
      <h2 id="approval-diff-title">What it would change</h2>
      <DiffFiles files={files} isReadOnly />
    </section>
  );
};
