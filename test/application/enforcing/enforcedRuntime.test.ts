import { expect, test } from 'vitest';
import type { Enforced } from '../../../src/application/enforcing/enforced.ts';
import { enforcedRuntime } from '../../../src/application/enforcing/enforcedRuntime.ts';
import type {
  Served,
  UnjudgedCall,
  WorkerOptions,
  WorkerRuntime,
} from '../../../src/application/ports/worker.ts';
import { DangerousOperationError } from '../../../src/domain/errors/index.ts';
import { jobIdSchema, runTokenSchema, taskIdSchema } from '../../../src/domain/ids.ts';

const SERVED: Served = {
  jobId: jobIdSchema.parse('job_0000000000000000'),
  taskId: taskIdSchema.parse('one'),
};
const LOST: UnjudgedCall = { tool: 'Write', toolUseId: 't', fromSubagent: false };
const OPTIONS: WorkerOptions = {
  cwd: '/w',
  runToken: runTokenSchema.parse('run_0000000000000000'),
  env: {},
  model: undefined,
  budgetUsd: undefined,
  readRoots: [],
  onVerdict: () => undefined,
  serves: () => SERVED,
};

/** Workers that are only started here, and a proof that can be taken away. */
const ground = () => {
  const done: string[] = [];
  const given: WorkerOptions[] = [];
  const withdrawn: unknown[] = [];
  let holds = true;
  const enforced: Enforced = {
    demand: async () => {
      if (!holds) throw new DangerousOperationError('It does not hold.', { hint: 'Mend it.' });
    },
    withdraw: (call, served) => withdrawn.push([call, served]),
  };
  const nobody = (): never => expect.unreachable('no session is needed here');
  const runtime: WorkerRuntime = {
    open: async (options) => {
      given.push(options);
      done.push('open');
      return nobody();
    },
    prewarm: async (options) => {
      given.push(options);
      done.push('prewarm');
      return {
        take: async () => {
          done.push('take');
          return nobody();
        },
        discard: async () => void done.push('discard'),
      };
    },
    live: () => 0,
    describe: nobody,
  };
  return {
    done,
    given,
    withdrawn,
    runtime: enforcedRuntime(runtime, enforced),
    lose: () => {
      holds = false;
    },
  };
};

test('a spare that waited while the policy changed, or the proof was withdrawn, serves nobody before the gate is proven anew', async () => {
  const g = ground();
  const spare = await g.runtime.prewarm(OPTIONS);
  g.lose();
  await expect(spare.take('/w', undefined)).rejects.toThrow('It does not hold.');
  await expect(g.runtime.open(OPTIONS)).rejects.toThrow(DangerousOperationError);
  await spare.discard();
  expect(g.done).toEqual(['prewarm', 'discard']);
});

test('a call that ran past the gate withdraws the proof in the name of the task that its worker served then', async () => {
  const g = ground();
  await g.runtime.prewarm(OPTIONS);
  g.given[0]?.onUnjudged?.(LOST);
  expect(g.withdrawn).toEqual([[LOST, SERVED]]);
});
