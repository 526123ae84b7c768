import type { Task } from '../../domain/task.ts';

/** What the resolver of a merge conflict is told. */
export const conflictPrompt = (o: {
  readonly folder: string;
  readonly files: readonly string[];
  readonly ours: readonly Task[];
  readonly theirs: Task;
}): string =>
  [
    'Two pieces of finished work changed the same places. Merge them so that both keep what they set out to do.',
    `# Conflicting files (with conflict markers, in ${o.folder})\n${o.files.map((file) => `- ${file}`).join('\n')}`,
    `# One side (already merged)\n${o.ours.map(side).join('\n\n')}`,
    `# The other side\n${side(o.theirs)}`,
    [
      '# Rules',
      '- Edit the conflicting files until no conflict marker is left. Take neither side whole where the other one says something.',
      '- Mark each resolved file with `git add <file>`.',
      '- Do not commit, do not abort the merge, do not switch branches, leave other files alone.',
      ...verifications([...o.ours, o.theirs]).map((command) => `- Afterwards this must be green: ${command}`),
    ].join('\n'),
  ].join('\n\n');

export const stillConflictingPrompt = (files: readonly string[]): string =>
  `These files are not resolved yet: ${files.join(', ')}. Resolve them, leave no conflict marker, and mark each with git add.`;

/** The verification commands of some tasks, each once. */
export const verifications = (tasks: readonly Task[]): string[] => [
  ...new Set(tasks.flatMap((task) => (task.spec.verify === undefined ? [] : [task.spec.verify]))),
];

const side = (task: Task): string =>
  `Task ${task.spec.id} (${task.spec.title}):\n${task.spec.prompt}\nIts report: ${task.summary ?? 'none'}`;
