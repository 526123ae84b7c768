import { expect, test } from 'vitest';
import { forPrincipal } from '../../../src/application/access/forPrincipal.ts';
import type { Orchestrator, ServedOrchestrator } from '../../../src/application/api.ts';
import { unknownJob } from '../../../src/application/observing/unknownJob.ts';
import { ForbiddenError } from '../../../src/domain/errors/index.ts';
import { type JobId, jobIdSchema } from '../../../src/domain/ids.ts';
import { LOCAL_AGENT, PERSON, principalIdSchema, roleSchema } from '../../../src/domain/principal.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';
import { jobSpec, taskId } from '../../support/specs.ts';

const id = principalIdSchema.parse('key:one');
const UNKNOWN = jobIdSchema.parse('job_zzzzzzzzzzzzzzzz');
const signal = new AbortController().signal;
const T1 = taskId('t1');

/** Everything that takes a job's id. */
const CALLS: Readonly<Record<string, (o: Orchestrator, job: JobId) => Promise<unknown>>> = {
  status: (o, job) => o.status(job),
  wait: (o, job) => o.wait(job, { waitMs: 0, signal, onEvent: () => {} }),
  result: (o, job) => o.result(job),
  cancel: (o, job) => o.cancel(job, undefined, 'no'),
  steer: (o, job) => o.steer(job, { action: 'retry', taskId: T1 }),
  taskOutput: (o, job) => o.taskOutput(job, T1, { offset: 0, limit: 10 }),
  followTaskOutput: (o, job) => o.followTaskOutput(job, T1, () => {}),
  events: (o, job) => o.events(job, 0, 10),
  diff: (o, job) => o.diff(job),
};

const failure = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (thrown) {
    return thrown;
  }
  throw new Error('it was let through');
};

test.each(Object.keys(CALLS))('%s: another’s job is answered like one that does not exist', async (name) => {
  const whole = createFixtureOrchestrator();
  const { view } = await forPrincipal(whole, LOCAL_AGENT).submit(jobSpec(), undefined);
  const agent = forPrincipal(whole, { id, roles: ['agent'] });
  const call = CALLS[name] ?? CALLS.status;
  expect(await failure(call?.(agent, view.job.id) ?? Promise.resolve())).toEqual(unknownJob(view.job.id));
  expect(await failure(call?.(agent, UNKNOWN) ?? Promise.resolve())).toMatchObject({ code: 'JOB_NOT_FOUND' });
  expect((await whole.status(view.job.id)).job.status).toBe('running');
});

test.each(roleSchema.options)(
  '%s: lists, follows, submits and steers as the table of roles says',
  async (role) => {
    const whole = createFixtureOrchestrator();
    const theirs = (await whole.submit(jobSpec(), undefined, LOCAL_AGENT.id)).view.job.id;
    const own = (await whole.submit(jobSpec(), undefined, id)).view.job.id;
    const me = forPrincipal(whole, { id, roles: [role] });
    const seesAll = role !== 'agent';

    const { views } = await me.list({ limit: 10 });
    expect(views.map(({ job }) => job.id).sort()).toEqual(seesAll ? [theirs, own] : [own]);
    const heard: JobId[] = [];
    me.subscribe(({ jobId }) => heard.push(jobId));
    for (const job of [theirs, own]) await whole.cancel(job, undefined, 'over');
    expect(new Set(heard)).toEqual(new Set(seesAll ? [theirs, own] : [own]));

    const maySubmit = role === 'agent' || role === 'admin';
    const submitted = me.submit(jobSpec(), undefined);
    if (maySubmit) expect((await submitted).view.job.owner).toBe(id);
    else expect(await failure(submitted)).toBeInstanceOf(ForbiddenError);
    if (!maySubmit) expect(await failure(me.cancel(own, undefined, 'no'))).toBeInstanceOf(ForbiddenError);
  },
);

test('nobody submits in another’s name, nor asks for another’s list, nor stops the server', async () => {
  const whole: ServedOrchestrator = {
    ...createFixtureOrchestrator(),
    busy: () => true,
    drain: async () => {},
    close: async () => {},
  };
  const agent = forPrincipal(whole, { id, roles: ['agent'] });
  expect((await agent.submit(jobSpec(), undefined, LOCAL_AGENT.id)).view.job.owner).toBe(id);
  await whole.submit(jobSpec(), undefined, LOCAL_AGENT.id);
  const asked = await agent.list({ limit: 10, owner: LOCAL_AGENT.id });
  expect(asked.views.map(({ job }) => job.owner)).toEqual([id]);
  for (const who of [{ id, roles: ['agent' as const] }, PERSON]) {
    for (const ofTheServer of ['busy', 'drain', 'close'])
      expect(forPrincipal(whole, who)).not.toHaveProperty(ofTheServer);
  }
});

test.each([
  ['the agent that submitted it', LOCAL_AGENT, false],
  ['another agent', { id, roles: ['agent'] }, false],
  ['a viewer', { id, roles: ['viewer'] }, false],
  ['an approver', { id, roles: ['approver'] }, true],
  ['an admin', { id, roles: ['admin'] }, true],
  ['the person', PERSON, true],
] as const)('a job that was stopped for its denials goes on by %s: %s', async (_who, who, may) => {
  const whole = createFixtureOrchestrator();
  for (const taskId of [undefined, T1]) {
    const job = (await whole.submit(jobSpec(), undefined)).view.job.id;
    await whole.steer(job, { action: 'message', taskId: T1, message: 'denied' });
    const retried = forPrincipal(whole, who).steer(job, { action: 'retry', taskId });
    if (may) expect((await retried).job.attention).toBeUndefined();
    else expect(await failure(retried)).toHaveProperty('code', expect.stringMatching(/FORBIDDEN|NOT_FOUND/));
    expect((await whole.status(job)).job.attention === undefined).toBe(may);
  }
});

test('who submitted a job cannot let it go on by any role; the person can, and an approver steers nothing else', async () => {
  const whole = createFixtureOrchestrator();
  const admin = { id, roles: ['agent', 'approver', 'admin'] } as const;
  const own = (await whole.submit(jobSpec(), undefined, id)).view.job.id;
  const persons = (await whole.submit(jobSpec(), undefined, PERSON.id)).view.job.id;
  const approver = forPrincipal(whole, { id: principalIdSchema.parse('key:two'), roles: ['approver'] });
  const retry = { action: 'retry', taskId: undefined } as const;
  expect(await failure(approver.steer(own, retry))).toBeInstanceOf(ForbiddenError);
  for (const job of [own, persons])
    await whole.steer(job, { action: 'message', taskId: T1, message: 'denied' });
  expect(await failure(forPrincipal(whole, admin).steer(own, retry))).toMatchObject({
    code: 'API_FORBIDDEN',
    hint: expect.stringContaining(`claude-orchestrator steer ${own} --retry`),
  });
  // Without a principal it is the local agent: in a server without HTTP, too.
  expect(await failure(whole.steer(own, retry))).toBeInstanceOf(ForbiddenError);
  expect(await failure(approver.steer(own, { action: 'skip', taskId: T1 }))).toBeInstanceOf(ForbiddenError);
  expect((await forPrincipal(whole, PERSON).steer(persons, retry)).job.attention).toBeUndefined();
  expect((await approver.steer(own, retry)).job.attention).toBeUndefined();
});
