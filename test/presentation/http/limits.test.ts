import { Hono } from 'hono';
import { afterEach, expect, it, vi } from 'vitest';
import { AuthenticationError } from '../../../src/domain/errors/index.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { AddressLimits } from '../../../src/presentation/http/middleware/addressLimits.ts';
import { MinuteLimit } from '../../../src/presentation/http/middleware/limits.ts';
import { type Answer, ask, KEY, OTHER_KEY, SESSION, startHttp, TOKEN } from './support.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** The limiter reads this clock; sockets and their timers go on. */
const ownClock = () => vi.useFakeTimers({ toFake: ['Date'] });

const count = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

it('P19: of 130 requests in a minute, by both headers and both faces, 100 pass and 30 are 429', async () => {
  ownClock();
  const server = await startHttp();
  const answers = await Promise.all(
    Array.from({ length: 130 }, (_, at) =>
      ask(server, {
        headers: at % 2 === 0 ? { 'X-API-Key': KEY } : { Authorization: `Bearer ${KEY}` },
        ...(at % 4 < 2 ? {} : { method: 'POST', path: '/mcp' }),
      }),
    ),
  );
  expect(count(answers, 200)).toBe(100);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(30);
  for (const { headers, body } of refused) {
    expect(Number(headers['retry-after'])).toBe(60);
    expect(headers).toMatchObject({
      'ratelimit-limit': '100',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '60',
    });
    expect(JSON.parse(body)).toMatchObject({ code: 'API_RATE_LIMIT', retryable: true });
  }
  const remaining = answers
    .filter(({ status }) => status === 200)
    .map(({ headers }) => Number(headers['ratelimit-remaining']));
  expect(remaining.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at));

  // Another key has its own hundred, the same user's token no limit at all.
  expect((await ask(server, { headers: { 'X-API-Key': OTHER_KEY } })).headers['ratelimit-remaining']).toBe(
    '99',
  );
  const own = await Promise.all(
    Array.from({ length: 130 }, () => ask(server, { headers: { 'X-API-Key': TOKEN } })),
  );
  expect(count(own, 200)).toBe(130);
  expect(own[0]?.headers['ratelimit-limit']).toBeUndefined();

  // The next minute.
  vi.setSystemTime(Date.now() + 59_000);
  expect((await ask(server, { headers: { 'X-API-Key': KEY } })).headers['retry-after']).toBe('1');
  vi.setSystemTime(Date.now() + 1_001);
  expect((await ask(server, { headers: { 'X-API-Key': KEY } })).status).toBe(200);
});

it('0 is no limit', async () => {
  const server = await startHttp({ settings: { rateLimit: 0 } });
  const answers = await Promise.all(
    Array.from({ length: 130 }, () => ask(server, { headers: { 'X-API-Key': KEY } })),
  );
  expect(count(answers, 200)).toBe(130);
});

it('wrong keys are not free, whatever their text; good ones of the same address are not held up', async () => {
  ownClock();
  const server = await startHttp();
  const wrong = await Promise.all(
    Array.from({ length: 130 }, (_, at) => ask(server, { headers: { 'X-API-Key': `co_fake-${at}` } })),
  );
  expect(count(wrong, 401)).toBe(20);
  expect(count(wrong, 429)).toBe(110);
  expect(wrong.find(({ status }) => status === 429)?.headers['retry-after']).toBe('60');
  for (const secret of [KEY, TOKEN]) {
    expect((await ask(server, { headers: { 'X-API-Key': secret } })).status).toBe(200);
  }
});

it('a proxy that is not trusted cannot make up addresses to guess from; a trusted one tells them apart', async () => {
  ownClock();
  const guesses = async (trustedProxies: readonly string[]) => {
    const server = await startHttp({ settings: { trustedProxies } });
    return Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        ask(server, { headers: { 'X-API-Key': 'co_fake', 'X-Forwarded-For': `198.51.100.${at}` } }),
      ),
    );
  };
  expect(count(await guesses([]), 401)).toBe(20);
  expect(count(await guesses(['127.0.0.1']), 401)).toBe(40);
});

it('a login that fails counts as a guess, and is then not even looked at', async () => {
  ownClock();
  let looked = 0;
  const auth = new Hono<HttpEnv>()
    .get('/auth/session', (c) => c.json({}))
    .post('/auth/login/passphrase', () => {
      looked += 1;
      throw new AuthenticationError('Wrong.', { hint: 'Try again.' });
    });
  const server = await startHttp({ parts: { auth } });
  const login = () => ask(server, { method: 'POST', path: '/api/v1/auth/login/passphrase' });
  const answers: Answer[] = [];
  for (let at = 0; at < 30; at += 1) answers.push(await login());
  expect(count(answers, 401)).toBe(20);
  expect(count(answers, 429)).toBe(10);
  expect(looked).toBe(20);
  expect((await ask(server, { path: '/api/v1/auth/session' })).status).toBe(200);
  // An old session's cookie must not keep its owner out, before or after.
  const stale = { Cookie: 'co_session=over' };
  expect((await ask(server, { path: '/api/v1/auth/session', headers: stale })).status).toBe(200);
  vi.setSystemTime(Date.now() + 60_001);
  expect((await login()).status).toBe(401);
});

const login = (path: string, more: Record<string, string> = {}) => ({
  method: 'POST',
  path: `/api/v1/auth${path}`,
  headers: { 'Content-Type': 'application/json', ...more },
  body: '{}',
});

/** Every way in, and out; the passphrase and the key are always wrong here. */
const WAYS = ['/passkey/login', '/passkey/login/options', '/logout', '/link', '/passkeys'] as const;
const startWays = () => {
  const auth = new Hono<HttpEnv>().get('/auth/session', (c) => c.json({}));
  for (const way of WAYS) auth.post(`/auth${way}`, (c) => c.json({}));
  for (const way of ['/login/passphrase', '/login/key']) {
    auth.post(`/auth${way}`, async (c) => {
      if ('good' in Object(await c.req.json())) return c.json({});
      throw new AuthenticationError('Wrong.', { hint: 'Try again.' });
    });
  }
  return startHttp({ parts: { auth } });
};
const good = (path: string) => ({ ...login(path), body: '{"good":true}' });

it('wrong keys and plain requests of others at the address keep nobody from signing in', async () => {
  ownClock();
  const server = await startWays();
  for (let at = 0; at < 40; at += 1) await ask(server, { headers: { 'X-API-Key': 'co_fake' } });
  for (let at = 0; at < 310; at += 1) await ask(server);
  expect((await ask(server, { headers: { 'X-API-Key': 'co_fake' } })).status).toBe(429);
  expect((await ask(server)).status).toBe(429);
  for (const path of ['/login/passphrase', '/login/key', ...WAYS]) {
    expect([path, (await ask(server, good(path))).status]).toEqual([path, 200]);
  }
  expect((await ask(server, { path: '/api/v1/auth/session' })).status).toBe(200);
});

it('wrong passphrases close that door alone, and to nobody who has a good credential', async () => {
  ownClock();
  const server = await startWays();
  for (let at = 0; at < 40; at += 1) await ask(server, login('/login/passphrase'));
  expect((await ask(server, good('/login/passphrase'))).status).toBe(429);
  for (const path of ['/login/key', ...WAYS]) {
    expect([path, (await ask(server, good(path))).status]).toEqual([path, 200]);
  }
  const ownPage = { Cookie: `co_session=${SESSION}`, 'Sec-Fetch-Site': 'same-origin' };
  for (const more of [{ 'X-API-Key': TOKEN }, ownPage]) {
    for (const path of ['/login/passphrase', ...WAYS]) {
      const wish = { ...login(path, more), body: '{"good":true}' };
      expect([path, (await ask(server, wish)).status]).toEqual([path, 200]);
    }
  }
});

it('what is no login at all counts as a guess, too', async () => {
  ownClock();
  const server = await startWays();
  const junk = { ...login('/login/passphrase', { 'Content-Type': 'text/plain' }) };
  const answers: Answer[] = [];
  for (let at = 0; at < 30; at += 1) answers.push(await ask(server, junk));
  expect([count(answers, 415), count(answers, 429)]).toEqual([20, 10]);
});

it('requests without any credential have their limit, too', async () => {
  ownClock();
  const server = await startHttp();
  const answers: Answer[] = [];
  for (let at = 0; at < 310; at += 1) answers.push(await ask(server));
  expect(count(answers, 401)).toBe(300);
  expect(count(answers, 429)).toBe(10);
});

// A million takes 40 s, nearly all of it for the errors thrown; the memory is the same from the first one on.
it('fake keys without number cost no memory: what is counted is the address', async () => {
  const addresses = new AddressLimits();
  for (let at = 0; at < 50_000; at += 1) await addresses.failed('192.0.2.1').catch(() => {});
  expect(addresses.size).toBe(1);
});

it('a million addresses are bounded, and a network of IPv6 is one', async () => {
  const limit = new MinuteLimit(5, 1000);
  for (let at = 0; at < 100_000; at += 1) await limit.take(`address-${at}`);
  expect(limit.size).toBe(1000);
  expect((await limit.peek('address-0')).remaining).toBe(5);
  expect((await limit.peek('address-99999')).remaining).toBe(4);

  const addresses = new AddressLimits(20);
  let refused = 0;
  for (let at = 0; at < 100; at += 1) {
    await addresses.failed(`2001:db8:1:2::${at.toString(16)}`).catch(() => {
      refused += 1;
    });
  }
  expect([addresses.size, refused]).toEqual([1, 80]);
  await addresses.failed('2001:db8:1:3::1');
  expect(addresses.size).toBe(2);
});
