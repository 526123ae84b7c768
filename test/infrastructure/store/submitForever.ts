import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrchestratorError } from '../../../src/domain/errors/index.ts';
import { newTask } from '../../../src/domain/task.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { jobId, jobOf, taskSpec } from './records.ts';

/**
 * A process to be killed: submits jobs and plans them for as long as it lives, several in flight, and prints
 * a line for each step that was acknowledged: `job N`, `plan N seq`. Ends with `error CODE` where a step fails.
 */
const [path = '', first = '0', padding = '0'] = process.argv.slice(2);
const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
const store = storeOver(await openDatabase(path), { clock, maxQueuedTasks: 1_000_000 });

// Written past the stream's buffer: what was printed was acknowledged, and what was acknowledged is printed.
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

let next = Number(first);
const lane = async (): Promise<void> => {
  for (;;) {
    const number = next++;
    const id = jobId(number);
    await store.createJob(
      jobOf(number, { request: `Job ${number}. ${'x'.repeat(Number(padding))}` }),
      `key ${number}`,
    );
    say(`job ${number}`);
    const tasks = [newTask(id, taskSpec('a')), newTask(id, taskSpec('b'))];
    const [event] = await store.commit(
      id,
      [{ kind: 'plan', jobId: id, tasks }],
      [{ type: 'job.planned', tasks: 2, source: 'caller', workers: 1 }],
    );
    say(`plan ${number} ${event?.seq}`);
  }
};

try {
  await Promise.all([lane(), lane(), lane(), lane()]);
} catch (thrown) {
  say(`error ${thrown instanceof OrchestratorError ? thrown.code : String(thrown)}`);
  const again = await store.openTaskCount();
  say(`open ${again}`);
  process.exit(0);
}
