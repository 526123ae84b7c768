import { expect, test } from 'vitest';
import { Enforcement } from '../../../src/application/enforcing/enforcement.ts';
import type { GateIdentity, GateProof } from '../../../src/application/enforcing/gateIdentity.ts';
import type { Canary } from '../../../src/application/enforcing/ports.ts';
import { DangerousOperationError } from '../../../src/domain/errors/index.ts';

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
const proofOf = (outcomes: readonly (readonly string[] | Error)[], kept?: GateProof) => {
  const rest = [...outcomes];
  const audited: string[] = [];
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
      append: async ({ type }) => {
        audited.push(type);
      },
    },
    clock: { now: () => now, sleep: async () => undefined },
    logger: silent,
  });
  return {
    enforcement,
    audited,
    proof: () => proof,
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
