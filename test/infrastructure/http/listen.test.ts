import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { get as getTls } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ConfigurationError, ConflictError } from '../../../src/domain/errors/index.ts';
import { type Listener, type ListenOptions, listen } from '../../../src/infrastructure/http/listen.ts';
import { eventually } from '../../support/processes.ts';

const start = async (o: Partial<ListenOptions> = {}): Promise<Listener> => {
  const listener = await listen({ fetch: () => new Response('served'), host: '127.0.0.1', port: 0, ...o });
  onTestFinished(() => listener.close(0));
  return listener;
};

/** Has a port until the test is over. */
const takenPort = async (): Promise<number> => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const address = other.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const freePort = async (): Promise<number> => {
  const { port, close } = await start();
  await close(0);
  return port;
};

type Client = { readonly socket: Socket; readonly text: () => string; readonly closed: Promise<void> };

const client = (port: number, text: string): Client => {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  let got = '';
  socket.on('data', (data) => {
    got += data.toString();
  });
  socket.on('error', () => {});
  return { socket, text: () => got, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
};

const agent = new Agent({ keepAlive: false });

/** How long one request takes on a connection of its own, milliseconds. */
const timed = async (url: string): Promise<number> => {
  const from = performance.now();
  await new Promise<void>((resolve, reject) => {
    get(url, { agent }, (answer) => answer.resume().on('end', resolve)).on('error', reject);
  });
  return performance.now() - from;
};

const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

it('serves on the port that it tells', async () => {
  const listener = await start();
  expect(listener.url).toBe(`http://127.0.0.1:${listener.port}`);
  expect(await (await fetch(listener.url)).text()).toBe('served');
});

it('a wildcard address is told as one to go to', async () => {
  const listener = await start({ host: '0.0.0.0' });
  expect(listener.url).toBe(`http://127.0.0.1:${listener.port}`);
});

it('a port that is taken is named, with the setting that changes it', async () => {
  const port = await takenPort();
  const refused = await start({ port }).catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(ConflictError);
  expect(refused).toMatchObject({
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('ORCHESTRATOR_PORT'),
  });
});

it('an address that this machine does not have is refused by its setting', async () => {
  const refused = await start({ host: '192.0.2.1' }).catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(ConfigurationError);
  expect(refused).toMatchObject({ hint: expect.stringContaining('ORCHESTRATOR_HOST') });
});

it('takes the port of last time where it is free, and another where it is not', async () => {
  const free = await freePort();
  expect((await start({ preferPort: free })).port).toBe(free);
  const taken = await takenPort();
  const other = await start({ preferPort: taken });
  expect(other.port).not.toBe(taken);
  expect(await (await fetch(other.url)).text()).toBe('served');
});

it('a port that was asked for is not exchanged for another', async () => {
  const port = await takenPort();
  await expect(start({ port, preferPort: await freePort() })).rejects.toBeInstanceOf(ConflictError);
});

it('speaks TLS, and hangs up on who does not', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const listener = await start({ tls });
  expect(listener.url).toMatch(/^https:/);
  const status = await new Promise((resolve, reject) => {
    getTls(listener.url, { ca: tls.cert, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
  expect(status).toBe(200);
  const plain = client(listener.port, GET);
  await plain.closed;
  expect(plain.text()).not.toContain('served');
});

it('slow headers: 200 sockets are dropped, and another client is served meanwhile', async () => {
  const refused: string[] = [];
  const listener = await start({
    limits: { headersTimeout: 2000, checkEvery: 100 },
    onRefused: (code) => refused.push(code),
  });
  const alone: number[] = [];
  for (let at = 0; at < 200; at += 1) alone.push(await timed(listener.url));
  const slow = Array.from({ length: 200 }, () => client(listener.port, 'GET / HTTP/1.1\r\nHost: x\r\nX-A: '));
  let open = slow.length;
  for (const { closed } of slow)
    void closed.then(() => {
      open -= 1;
    });

  await Promise.all(slow.map(({ socket }) => (socket.connecting ? once(socket, 'connect') : undefined)));
  const drip = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('a');
  }, 250);
  onTestFinished(() => clearInterval(drip));
  const others: number[] = [];
  const deadline = AbortSignal.timeout(30_000);
  while (open > 0 && !deadline.aborted) others.push(await timed(listener.url));
  expect(open).toBe(0);
  expect(slow.every(({ text }) => text().startsWith('HTTP/1.1 408 '))).toBe(true);
  expect(refused).toEqual(Array.from({ length: 200 }, () => 'ERR_HTTP_REQUEST_TIMEOUT'));
  // 200 ms, or what this machine is slow by itself.
  expect(p99(others)).toBeLessThan(Math.max(200, 3 * p99(alone)));
});

it('a body that does not come is dropped', async () => {
  const listener = await start({
    fetch: async (request) => new Response(await request.text()),
    limits: { headersTimeout: 200, requestTimeout: 400, checkEvery: 50 },
  });
  const slow = client(listener.port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
  await slow.closed;
  expect(slow.text()).toMatch(/^HTTP\/1\.1 408 /);
});

it('more connections than there may be are closed at once', async () => {
  const refused: string[] = [];
  const listener = await start({ limits: { maxConnections: 2 }, onRefused: (code) => refused.push(code) });
  const first = [client(listener.port, GET), client(listener.port, GET)];
  await eventually('two answers', () => first.every(({ text }) => text().includes('served')));
  await client(listener.port, GET).closed;
  await eventually('the word of it', () => refused[0] === 'TOO_MANY_CONNECTIONS');
  for (const { socket } of first) socket.destroy();
});

it('close: idle connections end at once, an answer under way is whole, no new connection is taken', async () => {
  const answer = Promise.withResolvers<Response>();
  let asked = 0;
  const listener = await start({
    fetch: () => {
      asked += 1;
      return asked === 1 ? new Response('first') : answer.promise;
    },
  });
  const idle = client(listener.port, GET);
  await eventually('an answer', () => idle.text().includes('first'));
  const silent = connect(listener.port, '127.0.0.1');
  await once(silent, 'connect');
  const busy = client(listener.port, GET);
  await eventually('the request under way', () => asked === 2);

  const closing = listener.close(60_000);
  await Promise.all([idle.closed, once(silent, 'close')]);
  await expect(fetch(listener.url)).rejects.toThrow();
  answer.resolve(new Response('whole'));
  await Promise.all([closing, busy.closed]);
  expect(busy.text()).toMatch(/connection: close\r\n/i);
  expect(busy.text()).toMatch(/whole$/);
});

it('close: a stream that is ended ends its connection, too', async () => {
  const stream = new TransformStream<Uint8Array, Uint8Array>();
  const listener = await start({
    fetch: () => new Response(stream.readable),
    endStreams: () => void stream.writable.close(),
    limits: { keepAliveTimeout: 600_000 },
  });
  const reader = client(listener.port, GET);
  await eventually('the begin of the stream', () => reader.text().includes('\r\n\r\n'));
  await listener.close(600_000);
  await reader.closed;
  expect(reader.text()).toMatch(/0\r\n\r\n$/);
});

it('close: what does not end is cut off after the grace', async () => {
  let asked = false;
  const listener = await start({
    fetch: () => {
      asked = true;
      return new Promise<Response>(() => {});
    },
    limits: { requestTimeout: 600_000 },
  });
  const stuck = client(listener.port, GET);
  await eventually('the request', () => asked);
  // Whoever is impatient asks again, with less.
  const patient = listener.close(600_000);
  await listener.close(50);
  await Promise.all([patient, stuck.closed]);
  expect(stuck.text()).toBe('');
});
