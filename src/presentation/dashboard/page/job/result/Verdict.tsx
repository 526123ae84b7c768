import { Note } from '../../ui/Note.tsx';
import type { WholeJob } from '../model/wire.ts';

const WORDS = {
  passed: { tone: 'good', title: 'The merged result passed its check' },
  failed: { tone: 'bad', title: 'The merged result did not pass its check' },
  none: { tone: 'idle', title: 'The merged result was not checked as a whole' },
} as const;

/** What the verification of the merged result says. */
export const Verdict = ({ job }: { readonly job: WholeJob }) => {
  const { tone, title } = WORDS[job.verification];
  return (
    <Note tone={tone} title={title}>
      {job.verification_note !== undefined && <p>{job.verification_note}</p>}
    </Note>
  );
};
