import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../../src/application/ports/store.ts';
import { type Task, type TaskStatus, TERMINAL_TASK, taskStatusSchema } from '../../../src/domain/task.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobOf, taskOf, temporaryFolder } from './fixtures.ts';

const TASKS = ['a', 'b', 'c'];
const JOBS = [1, 2];

/** One caller's compare-and-set of one or two tasks, from what it believes to what it wants. */
const move = fc.record({
  task: fc.nat({ max: TASKS.length - 1 }),
  from: fc.constantFrom(...taskStatusSchema.options.slice(0, 4)),
  to: fc.constantFrom(...taskStatusSchema.options),
});
const call = fc.record({
  job: fc.constantFrom(...JOBS),
  moves: fc.array(move, { minLength: 1, maxLength: 2 }),
  events: fc.nat({ max: 3 }),
});
/** Calls of one turn race with each other; turns follow each other. */
const history = fc.array(fc.array(call, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

type Model = { readonly tasks: Map<string, TaskStatus>; readonly events: Map<number, number> };

const newModel = (): Model => ({
  tasks: new Map(JOBS.flatMap((job) => TASKS.map((_, task) => [`${job}/${task}`, 'waiting'] as const))),
  events: new Map(JOBS.map((job) => [job, 1])),
});

/** What a caller who came alone would meet: all of its moves or none. */
const applyToModel = (model: Model, { job, moves, events }: Call): boolean => {
  const draft = new Map(model.tasks);
  for (const { task, from, to } of moves) {
    if (draft.get(`${job}/${task}`) !== from) return false;
    draft.set(`${job}/${task}`, to);
  }
  for (const [key, status] of draft) model.tasks.set(key, status);
  model.events.set(job, (model.events.get(job) ?? 0) + events);
  return true;
};

const as = (job: number, task: number, status: TaskStatus): Task => ({
  ...taskOf(jobOf(job).id, TASKS[task] ?? ''),
  status,
});

const submit = (store: Store, { job, moves, events }: Call) =>
  store.commit(
    jobOf(job).id,
    moves.map(
      ({ task, from, to }) =>
        ({ kind: 'task', from: { status: from, attempts: 0 }, to: as(job, task, to) }) as const,
    ),
    Array.from({ length: events }, (_, index) => ({ type: 'job.warning', message: `${index}` }) as const),
  );

const expectAsModel = async (store: Store, model: Model): Promise<void> => {
  for (const job of JOBS) {
    const stored = await store.tasks(jobOf(job).id);
    expect(stored.map((task) => task.status)).toEqual(
      TASKS.map((_, task) => model.tasks.get(`${job}/${task}`)),
    );
    const count = model.events.get(job) ?? 0;
    const numbers = (await store.events(jobOf(job).id, 0, 10_000)).map((event) => event.seq);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  }
  expect(await store.openTaskCount()).toBe(
    [...model.tasks.values()].filter((status) => !TERMINAL_TASK.has(status)).length,
  );
};

test('racing calls end as if they had come one after the other: one winner, events without a gap, also after a restart', async () => {
  const folder = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(history, async (turns) => {
      const path = join(folder, `${run++}.db`);
      const options = { clock: clockAt(1), maxQueuedTasks: 100 };
      const store = storeOver(await openDatabase(path), options);
      for (const job of JOBS) {
        await store.createJob(jobOf(job), undefined);
        const tasks = TASKS.map((id) => taskOf(jobOf(job).id, id));
        await store.commit(jobOf(job).id, [{ kind: 'plan', jobId: jobOf(job).id, tasks }], []);
      }
      const model = newModel();
      for (const turn of turns) {
        const outcomes = await Promise.allSettled(turn.map((one) => submit(store, one)));
        const expected = turn.map((one) => (applyToModel(model, one) ? 'fulfilled' : 'rejected'));
        expect(outcomes.map(({ status }) => status)).toEqual(expected);
      }
      await expectAsModel(store, model);
      await store.close();
      const again = storeOver(await openDatabase(path), options);
      await expectAsModel(again, model);
      await again.close();
    }),
    { numRuns: 40 },
  );
});
