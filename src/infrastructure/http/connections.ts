import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connections of a server and which of them an answer is under way on: what a stop in good order needs. */
export class Connections {
  readonly #server: Server;
  /** Those that speak HTTP. */
  readonly #open = new Set<Socket>();
  /** Those underneath, also where TLS has not begun. */
  readonly #raw = new Set<Socket>();
  readonly #answers = new Map<Duplex, ServerResponse>();
  #closed: Promise<void> | undefined;

  constructor(server: Server, tls: boolean) {
    this.#server = server;
    server.on('connection', (socket) => keep(this.#raw, socket));
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => keep(this.#open, socket));
    server.prependListener('request', ({ socket }, answer) => {
      this.#answers.set(socket, answer);
      if (this.#closed !== undefined) answer.setHeader('Connection', 'close');
      answer.once('close', () => {
        if (this.#answers.get(socket) === answer) this.#answers.delete(socket);
        if (this.#closed !== undefined) socket.end();
      });
    });
  }

  /** The answer that is under way on a connection. */
  answerOf(socket: Duplex): ServerResponse | undefined {
    return this.#answers.get(socket);
  }

  /**
   * Takes no more connections, ends those that are idle and the streams, waits for answers that are under way,
   * and cuts off what is left after `graceMs`. A second call only shortens the wait.
   */
  async close(graceMs: number, endStreams: () => void): Promise<void> {
    this.#closed ??= this.#end(endStreams);
    const cutOff = setTimeout(() => {
      for (const socket of this.#raw) socket.destroy();
    }, graceMs);
    await this.#closed;
    clearTimeout(cutOff);
  }

  #end(endStreams: () => void): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const answer of this.#answers.values()) {
      if (!answer.headersSent) answer.setHeader('Connection', 'close');
    }
    endStreams();
    for (const socket of this.#open) if (!this.#answers.has(socket)) socket.destroy();
    return closed;
  }
}

const keep = (set: Set<Socket>, socket: Socket): void => {
  set.add(socket);
  socket.once('close', () => set.delete(socket));
};
