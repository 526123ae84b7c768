import { type Listener, type ListenOptions, listen } from '../infrastructure/http/listen.ts';

/**
 * The same port of the other loopback address, so that `localhost`, which browsers may look up as either, is this
 * server and nobody else's: passkeys are bound to that name. Undefined where the machine has no such address, or
 * someone listens there; links then lead to the address.
 */
export const loopbackTwin = async (
  socket: Omit<ListenOptions, 'host' | 'port'>,
  port: number,
): Promise<Listener | undefined> => {
  try {
    return await listen({ ...socket, host: '::1', port });
  } catch {
    return undefined;
  }
};
