import { expect, test } from 'vitest';
import { JobJournal } from '../../src/application/journal.ts';
import { EventHub } from '../../src/application/observing/eventHub.ts';
import { ConflictError, IllegalTransitionError, InternalError } from '../../src/domain/errors/index.ts';
import type { JobEvent } from '../../src/domain/events.ts';
import { JOB_ID, job, task, taskId } from '../support/specs.ts';
import { realStore, settled } from './memory.ts';

const [a, b] = [taskId('a'), taskId('b')];
const ready = (id: typeof a) => ({ type: 'task.ready', taskId: id }) as const;

/** A journal of a planned job over the real store, and what its readers hear. */
const planned = async () => {
  const store = await realStore();
  const bus = new EventHub();
  const heard: JobEvent[] = [];
  const created = job({ status: 'planning' });
  await store.createJob(created, undefined);
  const journal = new JobJournal({ job: created, tasks: [], seq: await store.lastSeq(JOB_ID) }, store, bus);
  await journal.plan([task('a'), task('b')], {}, []);
  bus.subscribe((event) => heard.push(event));
  const stored = async () => ({
    job: await store.job(JOB_ID),
    tasks: await store.tasks(JOB_ID),
    seq: await store.lastSeq(JOB_ID),
  });
  return { store, bus, journal, heard, stored };
};

test('the plan and the start of the work are one step, and memory and store agree on it', async () => {
  const { journal, stored, store } = await planned();
  expect(journal.job.status).toBe('running');
  expect(await stored()).toEqual(journal.view());
  expect((await store.events(JOB_ID, 1, 10)).map(({ happening }) => happening)).toEqual([
    { type: 'job.status', from: 'planning', to: 'running' },
  ]);
});

test('an illegal move changes nothing and writes nothing, not even the legal parts of its step', async () => {
  const { journal, stored, heard } = await planned();
  const before = journal.view();
  const good = { id: a, move: 'release' } as const;
  for (const step of [
    { tasks: [{ id: b, move: 'accept' }] },
    { tasks: [good, { id: b, move: 'finish_work' }] },
    { tasks: [good], job: { move: 'succeed' } },
    { job: { move: 'reopen', patch: { warnings: ['seen'] } } },
  ] as const) {
    await expect(journal.record({ ...step, happenings: [ready(a)] })).rejects.toBeInstanceOf(
      IllegalTransitionError,
    );
  }
  await expect(
    journal.record({ tasks: [good, { id: taskId('stranger') }], happenings: [] }),
  ).rejects.toBeInstanceOf(ConflictError);
  await expect(journal.plan([task('c')], {}, [])).rejects.toBeInstanceOf(IllegalTransitionError);
  expect(journal.view()).toEqual(before);
  expect(await stored()).toEqual(before);
  expect(heard).toEqual([]);
});

test('memory changes at once, so that the next decision sees it before it is durable', async () => {
  const { journal, stored } = await planned();
  const step = journal.record({
    tasks: [{ id: a, move: 'release', patch: { seconds: 3 } }],
    happenings: [ready(a)],
  });
  expect(journal.task(a)).toMatchObject({ status: 'ready', seconds: 3 });
  await expect(
    journal.record({ tasks: [{ id: a, move: 'release' }], happenings: [] }),
  ).rejects.toBeInstanceOf(IllegalTransitionError);
  await step;
  expect(await stored()).toEqual(journal.view());
});

test('steps reach the store and the readers in the order in which they were made, nobody waiting for another', async () => {
  const { journal, stored, heard, store } = await planned();
  const moves = [
    'release',
    'start',
    'finish_work',
    'repair',
    'finish_work',
    'retry',
    'start',
    'finish_work',
  ] as const;
  const steps = moves.flatMap((move, at) => [
    journal.record({
      tasks: [
        {
          id: a,
          move,
          patch: { attempts: move === 'start' ? journal.task(a).attempts + 1 : journal.task(a).attempts },
        },
      ],
      happenings: [{ type: 'job.warning', message: `${at}` }],
    }),
    journal.note({ type: 'job.warning', message: `after ${at}` }),
  ]);
  await Promise.all(steps);
  const wanted = moves.flatMap((_move, at) => [`${at}`, `after ${at}`]);
  const messages = (events: readonly JobEvent[]) =>
    events.map(({ happening }) => (happening.type === 'job.warning' ? happening.message : ''));
  expect(messages(await store.events(JOB_ID, 2, 100))).toEqual(wanted);
  expect(messages(heard)).toEqual(wanted);
  expect(heard.map(({ seq }) => seq)).toEqual(wanted.map((_message, at) => at + 3));
  expect(journal.task(a)).toMatchObject({ status: 'verifying', attempts: 2 });
  expect(await stored()).toEqual(journal.view());
});

test('an event goes out only after it is durable, and the view counts it by then', async () => {
  const { journal, store, bus } = await planned();
  const seen: Promise<boolean>[] = [];
  bus.subscribe((event) => {
    expect(journal.view().seq).toBeGreaterThanOrEqual(event.seq);
    seen.push(store.events(JOB_ID, event.seq - 1, 1).then(([found]) => found?.seq === event.seq));
  });
  await Promise.all([journal.note(ready(a)), journal.note(ready(b)), journal.note(ready(a), ready(b))]);
  expect(await Promise.all(seen)).toEqual([true, true, true, true]);
});

test('a change of the job’s status is told by itself, and only where it changed', async () => {
  const { journal, heard } = await planned();
  await journal.record({ job: { patch: { warnings: ['w'] } }, happenings: [] });
  await journal.record({ job: { move: 'integrate' }, happenings: [ready(a)] });
  expect(heard.map(({ happening }) => happening)).toEqual([
    ready(a),
    { type: 'job.status', from: 'running', to: 'integrating' },
  ]);
});

/*
 * What a view shows of a step that could not be made durable: memory leads, so the step's state is in it; the
 * number of the last event is not moved and no reader hears of it. Whoever made the step learns by its error,
 * and what is started again from the store knows nothing of it.
 */
test('of a step that the store refused the view shows the state, but neither event nor number; the store has nothing', async () => {
  const { journal, stored, heard } = await planned();
  const before = journal.view();
  const refused = journal.record({
    tasks: [{ id: a, move: 'release', patch: { costUsd: Number.NaN } }],
    happenings: [ready(a)],
  });
  const beside = journal.record({ tasks: [{ id: b, move: 'release' }], happenings: [ready(b)] });
  await expect(refused).rejects.toBeInstanceOf(InternalError);
  await beside;
  expect(journal.task(a).status).toBe('ready');
  expect(heard.map(({ happening }) => happening)).toEqual([ready(b)]);
  expect(journal.view().seq).toBe(before.seq + 1);
  expect((await stored()).tasks.map(({ status }) => status)).toEqual(['waiting', 'ready']);
});

test('after a step that the store refused no later one can build on it: the store refuses those too', async () => {
  const { journal, stored } = await planned();
  await expect(
    journal.record({ tasks: [{ id: a, move: 'release', patch: { costUsd: Number.NaN } }], happenings: [] }),
  ).rejects.toBeInstanceOf(InternalError);
  await expect(
    journal.record({ tasks: [{ id: a, move: 'start', patch: { costUsd: 0, attempts: 1 } }], happenings: [] }),
  ).rejects.toBeInstanceOf(ConflictError);
  expect((await stored()).tasks[0]?.status).toBe('waiting');
});

test('once the store is closed a step is refused and nothing is published', async () => {
  const { journal, store, heard } = await planned();
  await store.close();
  await expect(journal.note(ready(a))).rejects.toBeInstanceOf(InternalError);
  await settled();
  expect(heard).toEqual([]);
});
