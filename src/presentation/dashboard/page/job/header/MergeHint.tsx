import type { WholeJob } from '../model/wire.ts';
import { CopyButton } from '../ui/CopyButton.tsx';

/** Where the result is, and the command that takes it over. */
export const MergeHint = ({ job }: { readonly job: WholeJob }) => {
  if (job.branch === undefined) return null;
  if (job.applied) {
    return (
      <p class="job-merge">
        Your branch has it already; it also stands on <code>{job.branch}</code>.
      </p>
    );
  }
  const command = `git merge ${job.branch}`;
  return (
    <p class="job-merge">
      {job.status === 'succeeded' ? 'The result waits on its branch:' : 'What is done stands on its branch:'}{' '}
      <code>{command}</code> <CopyButton text={command} label="Copy" />
    </p>
  );
};
