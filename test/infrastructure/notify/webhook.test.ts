import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { webhookNotifier } from '../../../src/infrastructure/notify/webhook.ts';
import { eventually } from '../../support/processes.ts';
import { NOTICE, watched } from './support.ts';

const SECRET = 'a secret of the receiver';

/** A receiver on loopback; `answers` are given one after the other, the last for all that come. */
const receiver = async (...answers: readonly (number | ((response: ServerResponse) => void))[]) => {
  const got: { readonly headers: IncomingHttpHeaders; readonly body: string; readonly path: string }[] = [];
  const server = createServer(async (request, response) => {
    const at = got.length;
    got.push({ headers: request.headers, body: '', path: request.url ?? '' });
    const body = await text(request);
    got[at] = { headers: request.headers, body, path: request.url ?? '' };
    const answer = answers[Math.min(at, answers.length - 1)] ?? 200;
    if (typeof answer === 'number') response.writeHead(answer).end('thanks');
    else answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    got,
    url: `http://127.0.0.1:${port}/hooks/secret-path`,
    received: (count: number) =>
      eventually(`${count} messages`, () => got.filter(({ body }) => body !== '').length >= count),
  };
};

const hook = (url: string, o: { readonly patienceMs?: number } = {}) => {
  const seen = watched();
  const notifier = webhookNotifier(url, {
    ...seen.deps,
    secret: SECRET,
    userAgent: 'claude-orchestrator/1.2.3',
    backoffMs: 5,
    ...o,
  });
  return { ...seen, notifier };
};

test('a message is signed over its time and its bytes, and says what waits', async () => {
  const { url, got, received } = await receiver();
  const { notifier, time, warnings } = hook(url);
  notifier.notify(NOTICE);
  await received(1);
  const [message] = got;
  const timestamp = String(Math.floor(time.now / 1000));
  expect(message?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-orchestrator-timestamp': timestamp,
    'x-orchestrator-signature': `sha256=${createHmac('sha256', SECRET).update(`${timestamp}.${message?.body}`).digest('hex')}`,
  });
  expect(JSON.parse(message?.body ?? '')).toEqual({
    type: 'approval.requested',
    approval_id: 'apr_0123456789abcdef',
    job_id: 'job_0123456789abcdef',
    task_id: 'tidy',
    risk: 'HIGH',
    tool: 'Bash',
    command: NOTICE.command,
    reason: 'deletes files',
    url: NOTICE.url,
    at: '2026-01-02T03:04:05.000Z',
  });
  expect(JSON.stringify(message)).not.toContain(SECRET);
  expect(warnings).toEqual([]);
});

test('a receiver that is down for a moment is tried three times, and no more', async () => {
  const well = await receiver(503, 429, 200);
  const first = hook(well.url);
  first.notifier.notify(NOTICE);
  await well.received(3);
  const down = await receiver(500);
  const second = hook(down.url);
  second.notifier.notify(NOTICE);
  await second.warned(1);
  expect(down.got).toHaveLength(3);
  expect(first.warnings).toEqual([]);
});

test('what is refused is not sent again, and no redirect is followed', async () => {
  const elsewhere = await receiver();
  for (const answer of [
    404,
    (response: ServerResponse) => void response.writeHead(307, { location: elsewhere.url }).end(),
  ]) {
    const { url, got } = await receiver(answer);
    const { notifier, warned } = hook(url);
    notifier.notify(NOTICE);
    await warned(1);
    expect(got).toHaveLength(1);
  }
  expect(elsewhere.got).toEqual([]);
});

test('a receiver that never answers keeps nobody waiting, and is given up', async () => {
  const { url, got } = await receiver(() => {});
  const { notifier, warned, warnings } = hook(url, { patienceMs: 50 });
  notifier.notify(NOTICE);
  await warned(1);
  expect(got).toHaveLength(3);
  expect(JSON.stringify(warnings)).toContain('gave no answer');
});

test('of a receiver that fails only the host is logged: its path may be a secret', async () => {
  const { url } = await receiver(404);
  const { notifier, warned, warnings } = hook(url);
  notifier.notify(NOTICE);
  await warned(1);
  expect(warnings).toEqual([
    {
      message: 'the webhook failed',
      fields: { why: expect.stringMatching(/^127\.0\.0\.1:\d+ answered 404$/) },
    },
  ]);
});

test('at the end what is under way ends, nothing more is sent, and nothing is said', async () => {
  const { url, got, received } = await receiver((response) => void response.writeHead(200).flushHeaders());
  const { notifier, end, warnings } = hook(url);
  notifier.notify(NOTICE);
  await received(1);
  end();
  notifier.notify(NOTICE);
  const other = await receiver();
  hook(other.url).notifier.notify(NOTICE);
  await other.received(1);
  expect(got).toHaveLength(1);
  expect(warnings).toEqual([]);
});
