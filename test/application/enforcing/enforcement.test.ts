import { expect, test, vi } from 'vitest';
import { Enforcement } from '../../../src/application/enforcing/enforcement.ts';
import type { GateIdentity, GateProof } from '../../../src/application/enforcing/gateIdentity.ts';
import type { Canary } from '../../../src/application/enforcing/ports.ts';
import type { Served, UnjudgedCall } from '../../../src/application/ports/worker.ts';
import { DangerousOperationError } from '../../../src/domain/errors/index.ts';
import { jobIdSchema, taskIdSchema } from '../../../src/domain/ids.ts';

const IDENTITY: GateIdentity = {
  program: '/c 1 2',
  cliVersion: '1.0.0',
  sdkVersion: '1.0.0',
  version: '0.1.0',
  settings: '',
  policyHash: 'p',
};
const PAST = ['a call of the worker never reached the gate'];
const silent = {
  debug() {},
  info() {},
  warning() {},
  error() {},
  critical() {},
  within: <T>(_: unknown, work: () => T) => work(),
};

/** @param outcomes what the canary finds, one run after the other; an error is thrown. */
const proofOf = (
  outcomes: readonly (readonly string[] | Promise<readonly string[]> | Error)[],
  kept?: GateProof,
) => {
  const rest = [...outcomes];
  const audited: string[] = [];
  const entries: unknown[] = [];
  let proof = kept;
  let identity = IDENTITY;
  let now = 7;
  const canary: Canary = {
    identity: async () => identity,
    run: async () => {
      const next = rest.shift();
      if (next === undefined) return expect.unreachable('the canary ran once too often');
      if (next instanceof Error) throw next;
      return next;
    },
  };
  const enforcement = new Enforcement({
    canary,
    file: {
      read: async () => proof,
      write: async (made) => {
        proof = made;
      },
    },
    audit: {
      append: async (entry) => {
        audited.push(entry.type);
        entries.push(entry);
      },
    },
    clock: { now: () => now, sleep: async () => undefined },
    logger: silent,
  });
  return {
    enforcement,
    audited,
    entries,
    proof: () => proof,
    runsLeft: () => rest.length,
    later: (ms: number) => {
      now += ms;
    },
    change: (to: Partial<GateIdentity>) => {
      identity = { ...identity, ...to };
    },
  };
};

test('no worker starts where a canary got through, and the audit log says so', async () => {
  const { enforcement, audited, proof } = proofOf([PAST, PAST]);
  await expect(enforcement.demand()).rejects.toThrow(DangerousOperationError);
  await expect(enforcement.demand()).rejects.toThrow('never reached the gate');
  expect(audited).toEqual(['enforcement.failed']);
  expect([enforcement.state.status, proof()]).toEqual(['failed', undefined]);
});

test('a machine that was too busy for its hook once is no broken gate, and one that was broken is tried again later', async () => {
  const busy = proofOf([PAST, []]);
  await busy.enforcement.demand();
  const broken = proofOf([PAST, PAST, []]);
  await expect(broken.enforcement.demand()).rejects.toThrow('never reached');
  expect(() => broken.enforcement.refuseIfBroken()).toThrow('never reached');
  broken.later(60_000);
  broken.enforcement.refuseIfBroken();
  await broken.enforcement.demand();
  expect(broken.audited).toEqual(['enforcement.failed', 'enforcement.proven']);
});

test('a policy that changes while a canary runs is proven by a canary of its own', async () => {
  const { enforcement, change, audited } = proofOf([[], []]);
  const first = enforcement.demand();
  change({ policyHash: 'q' });
  await Promise.all([first, enforcement.demand()]);
  expect(audited).toEqual(['enforcement.proven', 'enforcement.proven']);
});

test('many who ask at once have one canary, and a proof is kept for the next start', async () => {
  const first = proofOf([[]]);
  await Promise.all(Array.from({ length: 8 }, () => first.enforcement.demand()));
  expect(first.audited).toEqual(['enforcement.proven']);
  expect(first.proof()).toEqual({ ...IDENTITY, provenAt: 7 });
  const second = proofOf([], first.proof());
  await second.enforcement.demand();
  expect(second.enforcement.state).toEqual({ status: 'proven', provenAt: 7 });
});

test('that a kept proof was believed stands in the audit log, once a process for each gate, and before any worker starts', async () => {
  const { enforcement, entries, change, later } = proofOf([[]], { ...IDENTITY, provenAt: 3 });
  await Promise.all(Array.from({ length: 4 }, () => enforcement.demand()));
  later(3_600_000);
  await enforcement.demand();
  const believed = {
    type: 'enforcement.proven',
    actor: 'server',
    detail: { ...IDENTITY, kept: true, proven_at: 3 },
  };
  expect(entries).toEqual([believed]);
  change({ policyHash: 'q' });
  await enforcement.demand();
  expect(entries).toEqual([believed, { ...believed, detail: { ...IDENTITY, policyHash: 'q' } }]);
});

test('another program, version or policy is proven anew, in the middle of a run too', async () => {
  const { enforcement, change, audited } = proofOf([[], [], ['it ran'], ['it ran']]);
  await enforcement.demand();
  change({ policyHash: 'q' });
  await enforcement.demand();
  change({ cliVersion: '2.0.0' });
  await expect(enforcement.demand()).rejects.toThrow('it ran');
  expect(audited).toEqual(['enforcement.proven', 'enforcement.proven', 'enforcement.failed']);
});

test('a canary that could not run has proven nothing, and is tried again', async () => {
  const { enforcement, audited } = proofOf([new Error('no CLI'), []]);
  await expect(enforcement.demand()).rejects.toThrow('no CLI');
  expect([enforcement.state.status, audited.length]).toEqual(['unproven', 0]);
  await enforcement.demand();
  expect(enforcement.state.status).toBe('proven');
});

const LOST: UnjudgedCall = { tool: 'Write', toolUseId: 'toolu_1', fromSubagent: false };
const SERVED: Served = {
  jobId: jobIdSchema.parse('job_0000000000000000'),
  taskId: taskIdSchema.parse('one'),
};

test('a call that ran past the gate takes the proof with it: work is refused, told why and audited, until a canary is stopped again', async () => {
  const { enforcement, audited, entries, proof, later } = proofOf([[], []]);
  await enforcement.demand();
  enforcement.withdraw(LOST, SERVED);
  expect(enforcement.problems().join()).toContain("a call of a worker (Write) ran without the gate's leave");
  expect(() => enforcement.refuseIfBroken()).toThrow('(Write)');
  await expect(enforcement.demand()).rejects.toThrow(DangerousOperationError);
  later(60_000);
  expect(enforcement.problems()).toHaveLength(1);
  await enforcement.demand();
  expect(enforcement.problems()).toEqual([]);
  expect(audited).toEqual(['enforcement.proven', 'enforcement.passed', 'enforcement.proven']);
  expect(entries[1]).toMatchObject({
    ...SERVED,
    actor: 'server',
    detail: { tool: 'Write', tool_use_id: 'toolu_1', from_subagent: false },
  });
  expect(proof()?.withdrawn).toBeUndefined();
});

test('a server that is started after a call ran past the gate does not believe the proof of before', async () => {
  const before = proofOf([[]]);
  await before.enforcement.demand();
  before.enforcement.withdraw(LOST, undefined);
  await before.enforcement.close();
  expect(before.proof()?.withdrawn?.why).toContain('(Write)');
  const after = proofOf([PAST, PAST], before.proof());
  await expect(after.enforcement.demand()).rejects.toThrow('never reached the gate');
});

test('a canary that began before a call ran past the gate proves nothing against it', async () => {
  const held = Promise.withResolvers<readonly string[]>();
  const { enforcement, change, runsLeft } = proofOf([[], held.promise]);
  await enforcement.demand();
  change({ policyHash: 'q' });
  const other = enforcement.demand();
  await vi.waitFor(() => expect(runsLeft()).toBe(0));
  enforcement.withdraw(LOST, SERVED);
  held.resolve([]);
  await expect(other).rejects.toThrow('(Write)');
  expect(enforcement.state.status).toBe('failed');
});
