import { z } from 'zod';
import { workspaceField } from '../../wire/fields.ts';
import { submitInputSchema } from '../../wire/jobSpec.ts';

/** A plan file: all that `orchestrate` takes. The command line can give what is missing. */
export const planFileSchema = submitInputSchema.extend({
  request: submitInputSchema.shape.request.optional(),
  workspace: workspaceField
    .optional()
    .describe('Folder of a git repository; a relative one starts at this file'),
  $schema: z.string().optional().describe('For editors; it is not looked at'),
});
export type PlanFile = Omit<z.input<typeof planFileSchema>, '$schema'>;

/** The JSON schema of plan files, for editors and for docs/plan.schema.json. */
export const planJsonSchema = (): string => {
  const schema = z.toJSONSchema(planFileSchema, { io: 'input', unrepresentable: 'any' });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title: 'Plan file of claude-orchestrator', ...rest }, null, 2)}\n`;
};
