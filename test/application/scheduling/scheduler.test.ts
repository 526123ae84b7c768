import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Machine } from '../../../src/application/ports/system.ts';
import type { Ready } from '../../../src/application/scheduling/readyQueue.ts';
import { Scheduler } from '../../../src/application/scheduling/scheduler.ts';
import type { TaskId } from '../../../src/domain/ids.ts';
import { PRIORITY_RANK, type Priority } from '../../../src/domain/task.ts';
import { taskId } from '../../support/specs.ts';
import { jobId, settled } from '../memory.ts';

const GB = 1024 ** 3;
const machine = (available: () => number = () => 64 * GB): Machine => ({
  cores: () => 2,
  availableMemory: available,
  ownMemory: () => GB,
});

const ready = (id: string, tail = 1, age = 0): Ready => ({
  taskId: taskId(id),
  tail,
  age,
  priority: 'normal',
});

type BenchJob = {
  readonly priority: Priority;
  readonly limit: number;
  readonly ready: Map<TaskId, number>;
  readonly running: Map<TaskId, () => void>;
};

/** Jobs whose tasks run until the test ends them; `starts` is the order in which they began. */
class Bench {
  readonly starts: string[] = [];
  readonly jobs: BenchJob[] = [];
  readonly scheduler: Scheduler;
  onStart: (job: BenchJob, id: TaskId) => void = () => undefined;
  admits: (id: TaskId, running: ReadonlySet<TaskId>) => boolean = () => true;

  constructor(limit: number, memory?: () => number) {
    this.scheduler = new Scheduler(limit, machine(memory));
  }

  get running(): number {
    return this.jobs.reduce((sum, job) => sum + job.running.size, 0);
  }

  add(limit: number, priority: Priority = 'normal'): number {
    const job: BenchJob = { priority, limit, ready: new Map(), running: new Map() };
    const number = this.jobs.push(job) - 1;
    this.scheduler.add({
      id: jobId(number),
      priority,
      createdAt: number,
      limit,
      start: (id) => {
        this.onStart(job, id);
        this.starts.push(id);
        job.ready.delete(id);
        return new Promise((resolve) => job.running.set(id, resolve));
      },
      admits: (id, running) => this.admits(id, running),
    });
    return number;
  }

  offer(number: number, ...items: Ready[]): void {
    for (const item of items) this.jobs[number]?.ready.set(item.taskId, item.tail);
    this.scheduler.offer(jobId(number), items);
  }

  async end(id: string): Promise<void> {
    for (const job of this.jobs) {
      const key = taskId(id);
      job.running.get(key)?.();
      job.running.delete(key);
    }
    await settled();
  }
}

test('with one place three equal jobs take turns, the one served longest ago first', async () => {
  const bench = new Bench(1);
  for (let job = 0; job < 3; job++) bench.add(9);
  for (let job = 0; job < 3; job++)
    bench.offer(job, ready(`${job}a`), ready(`${job}b`, 1, 1), ready(`${job}c`, 1, 2));
  for (let turn = 0; turn < 9; turn++) await bench.end(bench.starts.at(-1) ?? '');
  expect(bench.starts).toEqual(['0a', '1a', '2a', '0b', '1b', '2b', '0c', '1c', '2c']);
});

test('a job that comes late gets the next free place although another one holds all and has more to do', async () => {
  const bench = new Bench(4);
  const [greedy, late] = [bench.add(9, 'critical'), bench.add(9, 'low')];
  bench.offer(greedy, ...Array.from({ length: 8 }, (_, age) => ready(`g${age}`, 100, age)));
  bench.offer(late, ready('l0'), ready('l1', 1, 1));
  await bench.end('g0');
  await bench.end('g1');
  expect(bench.starts.slice(4)).toEqual(['l0', 'l1']);
});

test('the place goes to the longest tail of the job, however long it has waited', async () => {
  const bench = new Bench(1);
  const job = bench.add(1);
  bench.offer(job, ready('first', 1));
  bench.offer(job, ready('short', 2), ready('long', 50, 2), ready('middle', 9, 1));
  for (const id of ['first', 'long', 'middle']) await bench.end(id);
  expect(bench.starts).toEqual(['first', 'long', 'middle', 'short']);
});

const commands = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('offer' as const),
      job: fc.nat(3),
      tails: fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
    }),
    fc.record({ kind: fc.constant('end' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('withdraw' as const), which: fc.nat() }),
  ),
  { maxLength: 40 },
);
const jobs = fc.array(
  fc.record({
    limit: fc.integer({ min: 1, max: 4 }),
    priority: fc.constantFrom('low', 'normal', 'critical'),
  }),
  { minLength: 4, maxLength: 4 },
);

test('under random offers no limit is ever exceeded, no place is left empty, and each goes where it should', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), jobs, commands, async (limit, specs, script) => {
      const bench = new Bench(limit);
      for (const spec of specs) bench.add(spec.limit, spec.priority);
      bench.onStart = (job, id) => {
        expect(bench.running).toBeLessThan(limit);
        expect(job.running.size).toBeLessThan(job.limit);
        expect(job.ready.get(id)).toBe(Math.max(...job.ready.values()));
        for (const other of bench.jobs) {
          if (other === job || other.ready.size === 0 || other.running.size >= other.limit) continue;
          const [own, its] = [job.running.size, other.running.size];
          expect(own).toBeLessThanOrEqual(its);
          if (own === its)
            expect(PRIORITY_RANK[job.priority]).toBeGreaterThanOrEqual(PRIORITY_RANK[other.priority]);
        }
      };
      let offered = 0;
      let withdrawn = 0;
      const endOne = (which: number): Promise<void> => {
        const all = bench.jobs.flatMap((job) => [...job.running.keys()]);
        return bench.end(all[which % Math.max(1, all.length)] ?? 'none');
      };
      for (const command of script) {
        if (command.kind === 'offer') {
          // Each by itself: the bench must know what is ready when the scheduler chooses.
          for (const tail of command.tails) bench.offer(command.job, ready(`t${offered++}`, tail, offered));
        } else if (command.kind === 'end') await endOne(command.which);
        else {
          const all = bench.jobs.flatMap((job, at) => [...job.ready.keys()].map((id) => ({ at, id })));
          const one = all[command.which % Math.max(1, all.length)];
          if (one === undefined) continue;
          expect(bench.scheduler.withdraw(jobId(one.at), one.id)).toBe(true);
          bench.jobs[one.at]?.ready.delete(one.id);
          withdrawn++;
        }
        expect(bench.scheduler.busy).toBe(bench.running);
        if (bench.running < limit)
          for (const job of bench.jobs)
            expect(job.ready.size === 0 || job.running.size === job.limit).toBe(true);
      }
      while (bench.running > 0) await endOne(0);
      expect(bench.starts).toHaveLength(offered - withdrawn);
      expect(new Set(bench.starts).size).toBe(bench.starts.length);
    }),
    { numRuns: 150 },
  );
});

test('without memory one worker still runs, and never two; all get done', async () => {
  let memory = 0;
  const bench = new Bench(8, () => memory);
  const job = bench.add(8);
  bench.offer(job, ready('a', 3), ready('b', 2), ready('c', 1), ready('d', 0));
  expect(bench.starts).toEqual(['a']);
  await bench.end('a');
  expect(bench.starts).toEqual(['a', 'b']);
  memory = 8 * GB;
  await bench.end('b');
  expect(bench.starts).toEqual(['a', 'b', 'c', 'd']);
});

test('a task that is not admitted takes no place: the next one of the job gets it at once', () => {
  const bench = new Bench(2);
  const job = bench.add(2);
  const asked: [string, string[]][] = [];
  bench.admits = (id, running) => {
    asked.push([id, [...running]]);
    return id !== 'held';
  };
  bench.offer(job, ready('a', 3), ready('held', 2), ready('c', 1));
  expect(bench.starts).toEqual(['a', 'c']);
  expect(asked).toEqual([
    ['a', []],
    ['held', ['a']],
    ['c', ['a']],
  ]);
  bench.admits = () => true;
  expect(bench.scheduler.withdraw(jobId(job), taskId('held'))).toBe(false);
});

test('a task that started and gave its place back at once leaves it to the next', async () => {
  const scheduler = new Scheduler(1, machine());
  const starts: string[] = [];
  scheduler.add({
    id: jobId(0),
    priority: 'normal',
    createdAt: 0,
    limit: 1,
    start: async (id) => void starts.push(id),
    admits: () => true,
  });
  scheduler.offer(jobId(0), [ready('held', 2), ready('next', 1)]);
  await settled();
  expect(starts).toEqual(['held', 'next']);
  expect(scheduler.busy).toBe(0);
});

test('an offer made while a task starts is served, without starting one twice', async () => {
  const bench = new Bench(3);
  const job = bench.add(3);
  bench.onStart = (_job, id) => {
    if (id === 'a') bench.offer(job, ready('b'), ready('c', 1, 1));
  };
  bench.offer(job, ready('a'));
  await settled();
  expect(bench.starts).toEqual(['a', 'b', 'c']);
});

test('a removed job gets no more places, and what it still runs goes on holding its own', async () => {
  const bench = new Bench(1);
  const [gone, other] = [bench.add(1), bench.add(1)];
  bench.offer(gone, ready('a'), ready('never'));
  bench.offer(other, ready('b'));
  bench.scheduler.remove(jobId(gone));
  expect(bench.starts).toEqual(['a']);
  await bench.end('a');
  expect(bench.starts).toEqual(['a', 'b']);
  bench.offer(gone, ready('late'));
  await bench.end('b');
  expect(bench.starts).toEqual(['a', 'b']);
});
