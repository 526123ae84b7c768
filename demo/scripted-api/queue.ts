import { z } from 'zod';
import type { ApiFault } from './faults.ts';
import type { Step } from './turn.ts';

/** An answer put in by hand: it is given to the next request, whatever its prompt says. */
export const queuedSchema = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()).default({}) }),
  z.strictObject({ status: z.number().int().min(400).max(599), message: z.string().optional() }),
]);
export type Queued = z.input<typeof queuedSchema>;

export const queuedStep = (queued: Queued | undefined): Step | undefined => {
  if (queued === undefined || 'status' in queued) return undefined;
  return 'text' in queued
    ? { name: 'text', argument: queued.text, thoughts: [] }
    : { name: 'tool', argument: `${queued.tool} ${JSON.stringify(queued.input ?? {})}`, thoughts: [] };
};

export const queuedFault = (queued: Queued | undefined): ApiFault | undefined =>
  queued !== undefined && 'status' in queued
    ? { status: queued.status, message: queued.message, headers: {} }
    : undefined;
