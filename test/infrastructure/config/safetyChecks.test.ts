import { expect, test } from 'vitest';
import { checkGate, checkPerson, checkSandbox } from '../../../src/infrastructure/config/safetyChecks.ts';

const now = {
  program: '/bin/claude 1 2',
  cliVersion: '2.1.0',
  sdkVersion: '0.3.0',
  version: '0.1.0',
  settings: '',
  policyHash: 'p',
};

test('a proof counts for the very program, versions and policy that it was made with', () => {
  expect(checkGate({ ...now, provenAt: 0 }, now).status).toBe('ok');
  for (const name of ['program', 'cliVersion', 'sdkVersion', 'version', 'settings', 'policyHash'] as const)
    expect(checkGate({ ...now, provenAt: 0 }, { ...now, [name]: 'other' }).status, name).toBe('warn');
  expect(checkGate(undefined, now).status).toBe('warn');
  expect(checkGate({ ...now, provenAt: 0 }, undefined).status).toBe('warn');
});

test('a proof that was withdrawn is a failure that says which call ran past the gate', () => {
  const withdrawn = { at: 0, why: 'a call of a worker (Bash) ran past it' };
  expect(checkGate({ ...now, provenAt: 0, withdrawn }, now)).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('1970-01-01T00:00:00.000Z: a call of a worker (Bash)'),
    mend: expect.stringContaining('ORCHESTRATOR_CLAUDE_PATH'),
  });
});

test('a sandbox that is demanded and missing is a failure, one that is only wished for a warning', () => {
  expect(checkSandbox('auto', undefined).status).toBe('ok');
  expect(checkSandbox('on', 'no bwrap').status).toBe('fail');
  expect(checkSandbox('auto', 'no bwrap')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('no bwrap'),
  });
  expect(checkSandbox('off', undefined).status).toBe('warn');
});

test('a machine on which nobody could approve says so, with the command', () => {
  expect(checkPerson(undefined)).toMatchObject({ status: 'warn', mend: expect.stringContaining('init') });
  expect(checkPerson(0).status).toBe('ok');
});
