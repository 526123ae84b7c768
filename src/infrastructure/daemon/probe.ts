import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { proofOf, type ServerRecord } from './serverFile.ts';

const PROBE_MS = 3000;

const readySchema = z.object({ status: z.enum(['ready', 'stopping']), proof: z.string() });

/** `absent`: nobody listens there, or somebody who is not the server of the record. */
export type ServerState = 'ready' | 'stopping' | 'absent';

/** Asks the server of a record how it is, without showing it the token. */
export const probe = async ({ url, token }: ServerRecord, signal: AbortSignal): Promise<ServerState> => {
  const challenge = randomBytes(24).toString('hex');
  try {
    const response = await fetch(`${url}/health/ready?challenge=${challenge}`, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    });
    const answer = readySchema.safeParse(await response.json());
    if (!answer.success || answer.data.proof !== proofOf(token, challenge)) return 'absent';
    return answer.data.status;
  } catch {
    signal.throwIfAborted();
    return 'absent';
  }
};
