import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type FlakyProxy = {
  readonly url: string;
  /** Connections so far. */
  readonly connections: () => number;
  /** Cuts every connection there is. */
  readonly cutAll: () => void;
};

/** A way to `port` that cuts its first connections after as many bytes of answer as `cuts` says. */
export const startFlakyProxy = async (port: number, cuts: readonly number[]): Promise<FlakyProxy> => {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((near) => {
    let left = cuts[count] ?? Number.POSITIVE_INFINITY;
    count += 1;
    const far = connect(port, '127.0.0.1');
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    // The server answers to its own name only.
    near.on('data', (bytes) =>
      far.write(bytes.toString('latin1').replace(/^host: .*$/im, `host: 127.0.0.1:${port}`), 'latin1'),
    );
    far.on('data', (bytes) => {
      near.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left < 0) near.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cutAll();
    server.close();
  });
  const address = server.address();
  const at = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${at}`, connections: () => count, cutAll };
};
