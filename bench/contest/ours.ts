import { type Contender, WORKERS } from './contender.ts';
import { withServer } from './server.ts';

/** Us: a cold server, one `orchestrate` with all assignments, `job_wait` to the end; merged into one branch. */
export const ours: Contender = {
  name: 'ours',
  async run(ground) {
    const { usage, value } = await withServer(ground, ({ runJob }) =>
      runJob({
        request: 'Write all notes.',
        tasks: ground.assignments.map(({ id, prompt }) => ({ id, title: id, prompt })),
        max_workers: WORKERS,
      }),
    );
    return { usage, refs: value.branch == null ? [] : [value.branch] };
  },
};
