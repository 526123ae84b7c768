import { connect } from 'node:net';
import { z } from 'zod';

/**
 * Event streams that are opened and never read: `node deafClients.ts '{url, token, path, count}'`. Says its own
 * ports, as one line of JSON, when the head of every answer has come. The parent then stops this process, so that
 * nothing reads on, not even into a buffer of Node's.
 */
const { url, token, path, count } = z
  .object({ url: z.string(), token: z.string(), path: z.string(), count: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''));
const { hostname, port, host } = new URL(url);

const openDeaf = (): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    socket.once('data', (head) => {
      socket.pause();
      if (head.toString('latin1').startsWith('HTTP/1.1 200')) resolve(socket.localPort);
      else reject(new Error(head.toString('latin1').slice(0, 200)));
    });
    socket.once('error', reject);
  });

console.log(JSON.stringify(await Promise.all(Array.from({ length: count }, openDeaf))));
