import type { Server } from 'node:http';
import { ConfigurationError, ConflictError, type OrchestratorError } from '../../domain/errors/index.ts';
import { codeOf } from '../process/codeOf.ts';

const listenError = (thrown: unknown, host: string, port: number): OrchestratorError => {
  const code = codeOf(thrown);
  if (code === 'EADDRINUSE') {
    return new ConflictError(`Port ${port} of ${host} is taken by another program.`, {
      hint: 'Set ORCHESTRATOR_PORT to a free port, or to 0 for any.',
      cause: thrown,
    });
  }
  if (code === 'EACCES') {
    return new ConfigurationError(`This user may not listen on port ${port} of ${host}.`, {
      hint: 'Set ORCHESTRATOR_PORT to 1024 or more, or to 0 for any.',
      cause: thrown,
    });
  }
  return new ConfigurationError(`The server cannot listen on ${host}, port ${port} (${code}).`, {
    hint: 'Set ORCHESTRATOR_HOST to an address of this machine.',
    cause: thrown,
  });
};

/** @returns the port it is. */
const bind = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (thrown: unknown) => reject(listenError(thrown, host, port));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });

type Wish = { readonly host: string; readonly port: number; readonly preferPort?: number | undefined };

/** Binds to `port`; where that is 0, to `preferPort` if it can be had. @returns the port it is. */
export const bindPreferred = async (server: Server, { host, port, preferPort }: Wish): Promise<number> => {
  if (port !== 0 || preferPort === undefined || preferPort === 0) return bind(server, host, port);
  try {
    return await bind(server, host, preferPort);
  } catch {
    return bind(server, host, 0);
  }
};
