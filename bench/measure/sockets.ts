import { readFileSync } from 'node:fs';

const ESTABLISHED = '01';

export type Sockets = {
  /** Connections that both sides hold open. */
  readonly open: number;
  /** Bytes that the kernel holds for their readers. */
  readonly unread: number;
};

const address = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;

/** What a server on a port of 127.0.0.1 has open to clients there. @throws where there is no /proc. */
export const socketsOf = (port: number, clients: readonly number[]): Sockets => {
  const local = address(port);
  const remote = new Set(clients.map(address));
  let open = 0;
  let unread = 0;
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1)) {
    const [, from, to = '', state, queues] = line.trim().split(/\s+/);
    if (from !== local || !remote.has(to) || state !== ESTABLISHED) continue;
    open += 1;
    unread += Number.parseInt(queues?.split(':')[0] ?? '0', 16);
  }
  return { open, unread };
};
