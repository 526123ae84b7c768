import { expect, it } from 'vitest';
import { clientAddressOf } from '../../../src/presentation/http/middleware/clientAddress.ts';
import { ask, KEY, OTHER_KEY, SESSION, startHttp, TOKEN, withKey } from './support.ts';

it('takes a key in either header, and the scheme in any case of letters', async () => {
  const server = await startHttp();
  for (const headers of [
    { 'X-API-Key': KEY },
    { Authorization: `Bearer ${KEY}` },
    { Authorization: `bearer ${KEY}` },
    { Authorization: `BEARER  ${KEY}` },
    { 'X-API-Key': KEY, Authorization: `Bearer ${KEY}` },
  ]) {
    const answer = await ask(server, { headers });
    expect(answer).toMatchObject({ status: 200, body: '{"id":"key:first","via":"header"}' });
  }
});

it('two credentials are refused, whichever of them is good', async () => {
  const server = await startHttp();
  for (const headers of [
    { 'X-API-Key': KEY, Authorization: `Bearer ${OTHER_KEY}` },
    { 'X-API-Key': KEY, Authorization: 'Basic eDp5' },
    { 'X-API-Key': [KEY, OTHER_KEY] },
    { 'X-API-Key': [KEY, KEY] },
    { Authorization: [`Bearer ${KEY}`, 'Bearer co_wrong'] },
    { Authorization: ['Bearer co_wrong', `Bearer ${KEY}`] },
  ]) {
    expect((await ask(server, { headers })).status).toBe(400);
  }
});

it('whatever is wrong with a credential, the answer is the same 401', async () => {
  const server = await startHttp({ settings: { rateLimit: 0 } });
  const answers = [
    await ask(server),
    await ask(server, { headers: { 'X-API-Key': 'co_unknown' } }),
    await ask(server, { headers: { 'X-API-Key': '' } }),
    await ask(server, { headers: { 'X-API-Key': SESSION } }),
    await ask(server, { headers: { Authorization: 'Basic eDp5' } }),
    await ask(server, { headers: { Authorization: 'Bearer' } }),
    await ask(server, { headers: { Authorization: `Bearer ${KEY} more` } }),
    await ask(server, { headers: { Authorization: KEY } }),
    await ask(server, { headers: { Cookie: 'co_session=wrong' } }),
    await ask(server, { headers: { Cookie: `co_session=${KEY}` } }),
    await ask(server, { path: '/api/v1/nothing' }),
    await ask(server, { method: 'POST', path: '/mcp' }),
    await ask(server, { path: `/api/v1/whoami?api_key=${KEY}&access_token=${KEY}` }),
  ];
  const bodies = answers.map(({ body }) => ({ ...JSON.parse(body), request_id: '' }));
  for (const [at, { status, headers }] of answers.entries()) {
    expect([at, status]).toEqual([at, 401]);
    expect(headers['www-authenticate']).toBe('Bearer realm="claude-orchestrator"');
    expect(headers['content-type']).toBe('application/problem+json');
    expect(bodies[at]).toEqual(bodies[0]);
  }
});

it('where OAuth is set up, 401 says where tokens come from', async () => {
  const resourceMetadata = 'https://x.example/.well-known/oauth-protected-resource/mcp';
  const server = await startHttp({ settings: { resourceMetadata } });
  const { headers } = await ask(server, { method: 'POST', path: '/mcp' });
  expect(headers['www-authenticate']).toContain(`resource_metadata="${resourceMetadata}"`);
});

it('the cookie counts only where no header is given, and only once', async () => {
  const server = await startHttp();
  const cookie = `co_session=${SESSION}`;
  expect((await ask(server, { headers: { Cookie: cookie } })).body).toContain('"person"');
  expect((await ask(server, { headers: { Cookie: cookie, ...withKey } })).body).toContain('"key:first"');
  expect((await ask(server, { headers: { Cookie: cookie, 'X-API-Key': 'co_bad' } })).status).toBe(401);
  expect((await ask(server, { headers: { Cookie: `${cookie}; co_session=planted` } })).status).toBe(401);
  expect((await ask(server, { headers: { Cookie: `co_session=planted; ${cookie}` } })).status).toBe(401);
});

it('secrets do not reach the log, refusals do', async () => {
  const server = await startHttp();
  await ask(server, { path: '/api/v1/whoami?token=in-the-query', headers: withKey });
  await ask(server, { path: '/api/v1/auth/link/one-time-code' });
  await ask(server, { headers: { Authorization: 'Bearer co_wrong-secret' } });
  await ask(server, { headers: { Cookie: 'co_session=stolen-session' } });
  const text = server.logText();
  for (const secret of [KEY, 'in-the-query', 'one-time-code', 'co_wrong-secret', 'stolen-session']) {
    expect(text).not.toContain(secret);
  }
  expect(server.log).toContainEqual(
    expect.objectContaining({
      level: 'DEBUG',
      context: expect.objectContaining({ path: '/api/v1/whoami', status: 200, principal: 'key:first' }),
    }),
  );
  expect(server.log).toContainEqual(
    expect.objectContaining({
      level: 'WARNING',
      category: 'SECURITY',
      context: expect.objectContaining({ status: 401, address: '127.0.0.1' }),
    }),
  );
});

it('a flood of refusals is twenty lines a second, and none of a good caller is lost', async () => {
  const server = await startHttp();
  for (let at = 0; at < 100; at += 1) await ask(server, { headers: { Origin: 'https://evil.example' } });
  const warnings = server.log.filter(({ level }) => level === 'WARNING').length;
  expect(warnings).toBeGreaterThan(0);
  expect(warnings).toBeLessThan(100);
  expect((await ask(server, { headers: { 'X-API-Key': TOKEN } })).status).toBe(200);
});

it('X-Forwarded-For is believed from trusted proxies alone', () => {
  const trusted = new Set(['10.0.0.1', '10.0.0.2']);
  expect(clientAddressOf('203.0.113.9', ['1.2.3.4'], trusted)).toBe('203.0.113.9');
  expect(clientAddressOf('::ffff:203.0.113.9', ['1.2.3.4'], trusted)).toBe('203.0.113.9');
  expect(clientAddressOf('10.0.0.1', ['1.2.3.4'], trusted)).toBe('1.2.3.4');
  // What the client wrote itself stands left of what the proxy added.
  expect(clientAddressOf('10.0.0.1', ['6.6.6.6, 1.2.3.4'], trusted)).toBe('1.2.3.4');
  expect(clientAddressOf('10.0.0.1', ['6.6.6.6', '1.2.3.4, 10.0.0.2'], trusted)).toBe('1.2.3.4');
  expect(clientAddressOf('10.0.0.1', ['junk'], trusted)).toBe('10.0.0.1');
  expect(clientAddressOf('10.0.0.1', [], trusted)).toBe('10.0.0.1');
});
