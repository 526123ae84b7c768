import { describe, expect, it } from 'vitest';
import { SESSION_COOKIE } from '../../../src/presentation/http/middleware/credentials.ts';
import { FIXTURE_CODE, GOOD_PASSKEY } from '../../support/mcp/fixtureApprovals.ts';
import { APPROVER_KEY, type HttpUnderTest, type Options, OTHER_KEY, SESSION } from '../http/support.ts';
import { bodyOf, clientOf, get, post, request, startRest, stranger } from './support.ts';

const ID = 'apr_0000000000000001';
const UNKNOWN = 'apr_zzzzzzzzzzzzzzzz';
const COMMAND = 'rm -rf fixtures/old';

/** A job of the local agent with one call that waits. */
const waiting = async (command = COMMAND, o: Options = {}) => {
  const server = await startRest(o);
  const client = clientOf(server);
  const { job_id } = await client.submit(request);
  const ask = (text: string) =>
    client.steer({ job_id, task_id: 'a', action: 'message', message: `ask ${text}` });
  await ask(command);
  return { server, client, job_id, ask };
};

const person = ({ url }: HttpUnderTest): Record<string, string | undefined> => ({
  'X-API-Key': undefined,
  Cookie: `${SESSION_COOKIE}=${SESSION}`,
  Origin: url,
});
const approver = { 'X-API-Key': APPROVER_KEY };
const decision = `/approvals/${ID}/decision`;

describe('who decides comes from the credential', () => {
  it('55: whoever submitted the job cannot approve it, and may deny it', async () => {
    const { server } = await waiting();
    expect((await post(server, decision, { decision: 'approve' })).status).toBe(403);
    expect(bodyOf(await post(server, decision, { decision: 'deny', reason: 'No.' }))).toMatchObject({
      approval_id: ID,
      status: 'denied',
      decided_by: 'local-agent',
      channel: 'agent',
    });
  });

  it.each([
    { principal: 'person' },
    { role: 'approver' },
    { roles: ['admin'] },
    { approvedBy: 'person' },
    { approved_by: 'person' },
    { via: 'passphrase' },
    { channel: 'passkey' },
    { decided_by: 'person' },
  ])('61: a claim in the body is refused by its name: %j', async (claim) => {
    const { server, client } = await waiting();
    for (const path of [decision, `/approvals/${ID}/elicitation`]) {
      const answer = await post(server, path, { decision: 'approve', ...claim });
      expect(answer.status).toBe(400);
      expect(bodyOf(answer).detail).toContain(Object.keys(claim)[0]);
    }
    expect((await client.approval(ID)).status).toBe('pending');
  });

  it('31: another agent gets for an approval that is not its own what it gets for none', async () => {
    const { server } = await waiting();
    const own = { 'X-API-Key': OTHER_KEY };
    const answers = async (id: string) => [
      await get(server, `/approvals/${id}`, own),
      await post(server, `/approvals/${id}/decision`, { decision: 'deny' }, own),
      await post(server, `/approvals/${id}/elicitation`, { decision: 'deny' }, own),
      await post(server, `/approvals/${id}/challenge`, {}, own),
      await post(server, `/approvals/${id}/code`, {}, own),
    ];
    const told = (list: Awaited<ReturnType<typeof answers>>, id: string) =>
      list.map(({ status, body }) => {
        const { request_id, ...rest } = bodyOf({ status, body, headers: {} });
        return [status, JSON.stringify(rest).replaceAll(id, 'ID')];
      });
    const anothers = told(await answers(ID), ID);
    expect(anothers).toEqual(told(await answers(UNKNOWN), UNKNOWN));
    expect(anothers.map(([status]) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(bodyOf(await get(server, '/approvals', own)).approvals).toEqual([]);
  });

  it('a key with the role approver decides what another asked for, once; the next one hears who did', async () => {
    const { server, client } = await waiting();
    expect(bodyOf(await post(server, decision, { decision: 'approve' }, approver))).toMatchObject({
      status: 'approved',
      decided_by: 'key:approver',
      channel: 'key',
    });
    const late = await post(server, decision, { decision: 'deny' });
    expect([late.status, bodyOf(late).code]).toEqual([409, 'CONFLICT']);
    expect(bodyOf(late).detail).toContain('key:approver');
    expect((await client.approval(ID)).decisions).toHaveLength(1);
  });

  it('a form of a client may deny, and approves HIGH only where the person chose so', async () => {
    const path = `/approvals/${ID}/elicitation`;
    const { server } = await waiting();
    expect((await post(server, path, { decision: 'approve' })).status).toBe(403);
    expect(bodyOf(await post(server, path, { decision: 'deny' }))).toMatchObject({ channel: 'elicitation' });
    const open = await waiting(COMMAND, { elicitation: 'approve_high' });
    expect(bodyOf(await post(open.server, path, { decision: 'approve' }))).toMatchObject({
      status: 'approved',
      channel: 'elicitation',
    });
  });

  it('a passkey is the proof by itself, whoever carries it', async () => {
    const { server } = await waiting();
    const { flow } = bodyOf(await post(server, `/approvals/${ID}/challenge`, {}));
    const passkey = (id: string) => ({
      flow,
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' },
      },
    });
    expect((await post(server, decision, { decision: 'approve', passkey: passkey('bad') })).status).toBe(401);
    expect(
      bodyOf(await post(server, decision, { decision: 'approve', passkey: passkey(GOOD_PASSKEY) })),
    ).toMatchObject({ status: 'approved', channel: 'passkey', decided_by: 'person' });
  });
});

describe('a one-time code', () => {
  it('is shown to the session of a person alone, kept nowhere, and lets an agent carry the decision', async () => {
    const { server, client } = await waiting();
    for (const headers of [{}, stranger, approver])
      expect((await post(server, `/approvals/${ID}/code`, {}, headers)).status).toBeGreaterThanOrEqual(403);
    const shown = await post(server, `/approvals/${ID}/code`, {}, person(server));
    expect(shown.status).toBe(200);
    expect(shown.headers['cache-control']).toBe('no-store');
    const { code } = bodyOf(shown);
    expect(code).toBe(FIXTURE_CODE);
    expect(await client.decide({ approval_id: ID, decision: 'approve', code: String(code) })).toMatchObject({
      status: 'approved',
      decided_by: 'person',
      channel: 'code',
    });
    expect(server.logText()).not.toContain(FIXTURE_CODE);
  });

  it('58, 59: is good for its own approval alone, and the fifth wrong one denies', async () => {
    const { server, client, ask } = await waiting();
    await ask('rm -rf other');
    await post(server, `/approvals/${ID}/code`, {}, person(server));
    const other = 'apr_0000000000000002';
    const tries: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const body = { decision: 'approve', code: FIXTURE_CODE };
      tries.push((await post(server, `/approvals/${other}/decision`, body)).status);
    }
    expect(tries.slice(0, 4)).toEqual([401, 401, 401, 401]);
    expect(tries[5]).toBe(409);
    expect((await client.approval(other)).status).toBe('denied');
    expect((await client.approval(ID)).status).toBe('pending');
  });
});

describe('what is shown', () => {
  it('the job says what waits, where it is decided and that an agent cannot', async () => {
    const { server, client, job_id } = await waiting();
    const page = `${server.url}/approvals/${ID}`;
    for (const job of [
      await client.status(job_id),
      await client.whole(job_id),
      await client.result(job_id),
    ]) {
      expect(job.approvals).toMatchObject({
        open: 1,
        first: { approval_id: ID, command: COMMAND },
        url: page,
      });
      expect(job.next).toContain(page);
      expect(job.next).toContain('You cannot approve this yourself');
    }
    const health = await client.health();
    expect(health.approvals).toEqual({ open: 1, person_is_set: true });
  });

  it('the ETag of a job changes when something waits and when it is decided', async () => {
    const { server, client, job_id, ask } = await waiting();
    const tag = async () => (await get(server, `/jobs/${job_id}`)).headers.etag;
    const first = await tag();
    await ask('rm -rf more');
    const second = await tag();
    await client.decide({ approval_id: ID, decision: 'deny' });
    expect(new Set([first, second, await tag()]).size).toBe(3);
  });

  it('16: a command shows by name what cannot be seen, and hides nothing', async () => {
    const hostile = 'echo \u001b[2K\u202eevil\u200b && rm -rf \u00a0x\u2066';
    const { client } = await waiting(hostile);
    const { command } = await client.approval(ID);
    expect(command).toBe('echo ⟨U+001B⟩[2K⟨U+202E⟩evil⟨U+200B⟩ && rm -rf ⟨U+00A0⟩x⟨U+2066⟩');
  });

  it('64: a reason with markdown, ANSI and a script is text that nothing acts on', async () => {
    const { server, client } = await waiting();
    const reason = '\u001b[31m<script>alert(1)</script>\u202e[ok](javascript:x)\u0007';
    await client.decide({ approval_id: ID, decision: 'deny', reason });
    const answer = await get(server, `/approvals/${ID}`);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(bodyOf(answer)).toMatchObject({
      decisions: [{ reason: '<script>alert(1)</script>[ok](javascript:x)' }],
    });
  });

  it('a list has pages, and statuses are divided by commas', async () => {
    const { client, ask } = await waiting();
    for (const name of ['b', 'c']) await ask(`rm -rf ${name}`);
    await client.decide({ approval_id: ID, decision: 'deny' });
    const page = await client.approvals({ limit: 1 });
    expect(page.approvals.map(({ command }) => command)).toEqual(['rm -rf c']);
    const next = await client.approvals({ limit: 1, cursor: page.next_cursor ?? '' });
    expect(next.approvals.map(({ command }) => command)).toEqual(['rm -rf b']);
    expect(next.next_cursor).toBeUndefined();
    const all = await client.approvals({ status: ['denied', 'pending'] });
    expect(all.approvals.map(({ status }) => status)).toEqual(['pending', 'pending', 'denied']);
  });
});

it('62: after the job was cancelled nobody approves, and it says so', async () => {
  const { server, client, job_id } = await waiting();
  await client.cancel({ job_id });
  const late = await post(server, decision, { decision: 'approve' }, approver);
  expect([late.status, bodyOf(late).detail]).toEqual([409, `Approval ${ID} is cancelled already.`]);
});
