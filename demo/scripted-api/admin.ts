import { z } from 'zod';
import { type Queued, queuedSchema } from './queue.ts';
import type { RequestRecord } from './record.ts';
import { type MessagesRequest, parseBody } from './request.ts';

/** What the admin pages, for callers in other processes, can see and change. */
export type AdminState = {
  readonly requests: readonly RequestRecord[];
  readonly bodies: readonly MessagesRequest[];
  readonly queue: Queued[];
  readonly reset: () => void;
};

const scriptSchema = z.object({ steps: z.array(queuedSchema) });

/** Answers `/__requests`, `/__bodies`, `/__last`, `/__reset` and `/__script {"steps": [...]}`. */
export const administer = (
  state: AdminState,
  url: string,
  raw: string,
): { readonly status: number; readonly body: unknown } => {
  if (url === '/__requests') return { status: 200, body: state.requests };
  if (url === '/__bodies') return { status: 200, body: state.bodies };
  if (url === '/__last') return { status: 200, body: state.bodies.at(-1) ?? null };
  if (url === '/__reset') {
    state.reset();
    return { status: 200, body: {} };
  }
  if (url !== '/__script') return { status: 404, body: {} };
  const script = scriptSchema.safeParse(parseBody(raw));
  if (!script.success) return { status: 400, body: { error: z.prettifyError(script.error) } };
  state.queue.push(...script.data.steps);
  return { status: 200, body: { queued: state.queue.length } };
};
