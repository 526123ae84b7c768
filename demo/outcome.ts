import type { JobAnswer, ReceiptAnswer } from './answers.ts';
import { git, runTests, type TestRun } from './example/repository.ts';
import { LEGACY } from './example/tasks.ts';
import type { Decision } from './person.ts';

/** One thing that the demo promises, and whether it came true. */
export type Check = { readonly promise: string; readonly kept: boolean; readonly detail: string };

export type Evidence = {
  readonly scripted: boolean;
  readonly before: TestRun;
  readonly after: TestRun | undefined;
  readonly answer: JobAnswer;
  readonly mainMoved: boolean;
  readonly checkoutDirty: boolean;
  /** What was decided, and whether the file that it was about is on the branch. */
  readonly decisions: readonly Decision[];
  readonly legacyThere: boolean;
};

const counts = ({ passed, failed }: TestRun): string => `${passed} passed, ${failed} failed`;

/** What a person has to allow happens with a yes, and only then. */
const paused = ({ decisions, legacyThere }: Evidence): Check => {
  const [first] = decisions;
  const approved = first?.decision === 'approve';
  const kept = first !== undefined && approved !== legacyThere;
  return {
    promise: 'a tracked file is deleted where a person said yes, and only there',
    kept,
    detail:
      first === undefined
        ? 'nobody was asked'
        : `${approved ? 'approved' : 'denied'}, ${LEGACY} is ${legacyThere ? 'there' : 'gone'}`,
  };
};

/** Holds what the demo promised against what was found. */
export const judge = (evidence: Evidence): readonly Check[] => {
  const { answer, before, after, scripted } = evidence;
  const undone = answer.tasks.filter((task) => task.status !== 'done');
  const unproved = answer.tasks.filter(
    (task) => task.verification !== 'proved' && task.verification !== 'passed',
  );
  const met = (answer.receipt?.conflicts ?? 0) + (answer.receipt?.collisions_held_back ?? 0);
  const always: Check[] = [
    { promise: 'the tests were red before', kept: !before.green, detail: counts(before) },
    {
      promise: 'the job succeeded',
      kept: answer.status === 'succeeded',
      detail: answer.error?.message ?? answer.attention?.reason ?? answer.status,
    },
    {
      promise: 'every task is done',
      kept: answer.tasks.length > 0 && undone.length === 0,
      detail:
        undone
          .map(({ id, status, error }) => `${id} ${status}${error == null ? '' : `: ${error.message}`}`)
          .join(', ') || `${answer.tasks.length} tasks`,
    },
    {
      promise: 'every task is verified by its command',
      kept: answer.tasks.length > 0 && unproved.length === 0,
      detail: answer.tasks.map(({ id, verification }) => `${id} ${verification}`).join(', '),
    },
    {
      promise: 'the tests pass on the branch',
      kept: after?.green ?? false,
      detail: after === undefined ? 'there is no branch' : counts(after),
    },
    {
      promise: "the user's own branch and files are as they were",
      kept: !evidence.mainMoved && !evidence.checkoutDirty,
      detail: evidence.mainMoved ? 'main moved' : evidence.checkoutDirty ? 'the checkout is dirty' : 'main',
    },
  ];
  // Only the scripted model is sure to make these mistakes.
  const staged: Check[] = [
    {
      promise: 'a first try that failed its verification was repaired',
      kept: (answer.receipt?.repairs ?? 0) > 0,
      detail: `${answer.receipt?.repairs ?? 0} repaired`,
    },
    {
      promise: 'two tasks on one file were kept apart, or their conflict resolved',
      kept: met > 0,
      detail: `${answer.receipt?.collisions_held_back ?? 0} held back, ${answer.receipt?.conflicts ?? 0} conflicts`,
    },
  ];
  if (scripted) return [...always, ...staged, paused(evidence)];
  return evidence.decisions.length === 0 ? always : [...always, paused(evidence)];
};

/** Clones the branch into a fresh folder and runs the repository's tests there. */
export const testBranch = async (repository: string, branch: string, folder: string): Promise<TestRun> => {
  await git(repository, 'clone', '--quiet', '--branch', branch, repository, folder);
  return runTests(folder);
};

const row = (name: string, value: string): string => `  ${name.padEnd(14)}${value}`;

/** The receipt as lines of text. */
export const receiptLines = (receipt: ReceiptAnswer, scripted: boolean): readonly string[] => [
  row('wall', `${receipt.wall_seconds.toFixed(1)} s`),
  row('workers', `${receipt.worker_seconds.toFixed(1)} s together`),
  row('speed-up', `${receipt.speedup.toFixed(2)} ×`),
  row('utilization', `${(receipt.utilization * 100).toFixed(0)} %`),
  row('cost', `$${receipt.cost_usd.toFixed(4)}${scripted ? ' (of scripted tokens: nothing was paid)' : ''}`),
  row('caught', `${receipt.verification_catches} red after the work, ${receipt.repairs} repaired`),
  row('overlap', `${receipt.collisions_held_back} held back, ${receipt.conflicts} conflicts`),
];
