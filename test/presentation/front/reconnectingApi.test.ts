import { describe, expect, it } from 'vitest';
import { AuthenticationError, ConflictError } from '../../../src/domain/errors/index.ts';
import { ServerUnreachableError } from '../../../src/presentation/client/errors.ts';
import { reconnectingApi } from '../../../src/presentation/front/reconnectingApi.ts';
import type { OrchestratorApi } from '../../../src/presentation/wire/api.ts';
import { localApi } from '../../../src/presentation/wire/localApi.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';

const REQUEST = { request: 'Do it.', workspace: '/w' };

const unreachable = (code: string): ServerUnreachableError =>
  new ServerUnreachableError(
    'http://127.0.0.1:1',
    code,
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
  );

/** A server that works, whose connection fails once with `thrown` after (or before) each call was done. */
const failing = (api: OrchestratorApi, thrown: () => Error, done: boolean): OrchestratorApi => ({
  ...api,
  submit: async (input) => {
    if (done) await api.submit(input);
    throw thrown();
  },
  steer: async (input) => {
    if (done) await api.steer(input);
    throw thrown();
  },
  status: async () => {
    throw thrown();
  },
});

const connected = (first: (api: OrchestratorApi) => OrchestratorApi) => {
  const orchestrator = createFixtureOrchestrator();
  const real = localApi(orchestrator);
  let connections = 0;
  const api = reconnectingApi({
    connect: async () => {
      connections++;
      return connections === 1 ? first(real) : real;
    },
  });
  return { api, real, connections: () => connections };
};

describe('a call that meets a broken connection', () => {
  it('is made again where the server cannot have seen it, whatever it does', async () => {
    const { api, real, connections } = connected((to) =>
      failing(to, () => unreachable('ECONNREFUSED'), false),
    );
    const { job_id } = await real.submit(REQUEST);
    await api.steer({
      job_id,
      action: 'message',
      task_id: (await real.status(job_id)).tasks[0]?.id ?? '',
      message: 'x',
    });
    expect(connections()).toBe(2);
  });

  it('makes one job of a submission that had arrived', async () => {
    const { api, real } = connected((to) => failing(to, () => unreachable('ECONNRESET'), true));
    await api.submit(REQUEST);
    expect((await real.list({})).jobs).toHaveLength(1);
  });

  it('is not made again where it may have arrived and twice is not once', async () => {
    const { api, real, connections } = connected((to) => failing(to, () => unreachable('ECONNRESET'), true));
    const { job_id } = await real.submit(REQUEST);
    const steer = {
      job_id,
      action: 'message' as const,
      task_id: (await real.status(job_id)).tasks[0]?.id ?? '',
      message: 'x',
    };
    await expect(api.steer(steer)).rejects.toBeInstanceOf(ServerUnreachableError);
    expect(connections()).toBe(1);
    // The next call finds the server anew.
    expect((await api.status(job_id)).job_id).toBe(job_id);
    expect(connections()).toBe(2);
  });

  it('finds the next server where the token is no longer the one', async () => {
    const { api, real, connections } = connected((to) =>
      failing(to, () => new AuthenticationError('no', { hint: 'no' }), false),
    );
    const { job_id } = await real.submit(REQUEST);
    expect((await api.status(job_id)).job_id).toBe(job_id);
    expect(connections()).toBe(2);
  });

  it('is not repeated for what the server itself refused', async () => {
    const { api, connections } = connected((to) =>
      failing(to, () => new ConflictError('no', { hint: 'no' }), false),
    );
    await expect(api.status('job_0123456789abcdef')).rejects.toBeInstanceOf(ConflictError);
    expect(connections()).toBe(1);
  });

  it('whoever follows, follows the next server as well', async () => {
    const { api, real } = connected((to) => failing(to, () => unreachable('ECONNREFUSED'), false));
    const heard: string[] = [];
    const stop = api.follow(({ job_id }) => heard.push(job_id));
    const { job_id } = await api.submit(REQUEST);
    const next = await real.submit({ ...REQUEST, request: 'Next.' });
    expect(heard).toContain(next.job_id);
    expect(job_id).not.toBe(next.job_id);
    stop();
    const last = await real.submit({ ...REQUEST, request: 'Last.' });
    expect(heard).not.toContain(last.job_id);
  });
});

describe('a decision', () => {
  const approval = 'apr_0000000000000001';
  const asked = async (real: OrchestratorApi): Promise<void> => {
    const { job_id } = await real.submit(REQUEST);
    await real.steer({ job_id, action: 'message', task_id: 't1', message: 'ask rm -rf x' });
  };

  it('with a wrong code is refused as a wrong credential is, and is not tried twice by it', async () => {
    let tries = 0;
    const { api, real, connections } = connected((to) => ({
      ...to,
      decide: async (input) => {
        tries += 1;
        return to.decide(input);
      },
    }));
    await asked(real);
    const wrong = { approval_id: approval, decision: 'approve' as const, code: 'AAAA-AAAA' };
    await expect(api.decide(wrong)).rejects.toBeInstanceOf(AuthenticationError);
    expect([tries, connections()]).toEqual([1, 1]);
  });

  it('reaches the server that took the place of the one before, whose token is good no more', async () => {
    const { api, real, connections } = connected((to) => ({
      ...to,
      approval: async () => {
        throw new AuthenticationError('The request has no valid credential.', { hint: 'Send a key.' });
      },
    }));
    await asked(real);
    expect(await api.decide({ approval_id: approval, decision: 'deny' })).toMatchObject({ status: 'denied' });
    expect(connections()).toBe(2);
  });
});
