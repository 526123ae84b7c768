import { connect } from 'node:net';
import { loadOrderSchema, reportOf } from './report.ts';

/**
 * A given number of requests a second, evenly spread in time and over the connections, whether answers are slow
 * or not. autocannon sends a second's share of a connection in one go, which is a flood for a part of each second.
 * The time of a request that had to wait for the one before on its connection counts from when it was due.
 */
const {
  url,
  token,
  connections,
  seconds,
  rate = 2000,
} = loadOrderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const { hostname, port, pathname, host } = new URL(url);
const REQUEST = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
/** How long answers are waited for at the end, milliseconds. */
const GRACE_MS = 20_000;

const latencies: number[] = [];
let failures = 0;

/** @returns what sends a request that was due at a time, now or as soon as the one before is answered. */
const openConnection = async (): Promise<{ ask(due: number): void; close(): void }> => {
  const socket = connect(Number(port), hostname).setNoDelay();
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const waiting: number[] = [];
  let since: number | undefined;
  let head = '';
  let left = 0;
  const send = (from: number): void => {
    since = from;
    socket.write(REQUEST);
  };
  const answered = (): void => {
    if (since !== undefined) latencies.push(performance.now() - since);
    since = undefined;
    const next = waiting.shift();
    if (next !== undefined) send(next);
  };
  socket.on('data', (bytes: Buffer) => {
    if (left === 0) {
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/^content-length: (\d+)/im.exec(head.slice(0, end))?.[1]);
      if (!head.startsWith('HTTP/1.1 200') || Number.isNaN(length)) failures += 1;
      left = length - (head.length - end - 4);
      head = '';
    } else left -= bytes.length;
    if (left === 0) answered();
  });
  socket.on('error', () => {
    failures += 1;
  });
  return {
    ask: (due) => {
      if (since === undefined) send(performance.now());
      else waiting.push(due);
    },
    close: () => {
      failures += waiting.length + (since === undefined ? 0 : 1);
      socket.destroy();
    },
  };
};

const clients = await Promise.all(Array.from({ length: connections }, openConnection));
const started = performance.now();
const total = rate * seconds;
let sent = 0;
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const now = performance.now() - started;
    for (; sent < total && (sent / rate) * 1000 <= now; sent += 1)
      clients[sent % connections]?.ask(started + (sent / rate) * 1000);
    const enough = latencies.length >= total || now > seconds * 1000 + GRACE_MS;
    if (sent < total || !enough) return;
    clearInterval(timer);
    resolve();
  }, 1);
});
const took = (performance.now() - started) / 1000;
for (const client of clients) client.close();
console.log(JSON.stringify(reportOf(latencies, took, failures)));
