import { z } from 'zod';

/** What a proof is good for: where one of these is another, another proof is needed. */
export const gateIdentitySchema = z.object({
  /** Path, size and time of change of the CLI. */
  program: z.string(),
  cliVersion: z.string(),
  sdkVersion: z.string(),
  /** Of this program, whose hook it is. */
  version: z.string(),
  /** What else decides how a worker is started: sandbox, whose settings it loads. */
  settings: z.string(),
  policyHash: z.string(),
});
export type GateIdentity = z.infer<typeof gateIdentitySchema>;

/** As it is kept. Times in milliseconds since the epoch. */
export const gateProofSchema = gateIdentitySchema.extend({
  provenAt: z.number(),
  /** It is good for nothing any more: a call ran past the gate since. */
  withdrawn: z.object({ at: z.number(), why: z.string() }).optional(),
});
export type GateProof = z.infer<typeof gateProofSchema>;

const FIELDS = gateIdentitySchema.keyof().options;

export const sameGate = (a: GateIdentity, b: GateIdentity): boolean =>
  FIELDS.every((field) => a[field] === b[field]);
