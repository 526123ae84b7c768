import { z } from 'zod';

/** What an answer that comes through an MCP client's own form may do. `deny_only` unless a person chose otherwise. */
export const elicitationSchema = z.enum(['deny_only', 'approve_high']);
export type Elicitation = z.infer<typeof elicitationSchema>;

/** The record that `init` writes; nothing else does. */
export const elicitationRecordSchema = z.strictObject({
  version: z.literal(1),
  elicitation: elicitationSchema,
  chosen_at: z.iso.datetime(),
});
export type ElicitationRecord = z.infer<typeof elicitationRecordSchema>;

/** The server's side: it reads the choice each time, and never writes one. */
export interface ElicitationChoice {
  /** `deny_only` where nothing was chosen, and where the record cannot be trusted. Never throws. */
  elicitationChoice(): Promise<Elicitation>;
}

/** The person's side, for `init` alone: it runs in a terminal, never in the server. */
export interface ElicitationSetting extends ElicitationChoice {
  choose(choice: Elicitation): Promise<void>;
}
