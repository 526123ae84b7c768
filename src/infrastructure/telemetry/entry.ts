import { z } from 'zod';
import type { LogCategory, LogFields } from '../../application/ports/logger.ts';
import { Plainer } from './plain.ts';

/** The ids of the work that a line belongs to. */
export type WorkIds = { readonly jobId?: string; readonly taskId?: string; readonly attempt?: number };

const performanceSchema = z.object({
  operation: z.string(),
  durationMs: z.number().optional(),
  success: z.boolean().optional(),
});

const snake = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a}_${b.toLowerCase()}`);

export type EntryOptions = {
  readonly known: readonly string[];
  readonly stacks: boolean;
  readonly logger: string;
};

/**
 * Builds the specification's log entry, except for its time and level, which pino writes. `fields.logger` names
 * the part of the program, `fields.performance` is `{operation, durationMs, success}`; everything else, with the
 * ids, becomes `context`, its own names in snake_case.
 */
export const toEntry = (
  o: {
    readonly category: LogCategory;
    readonly message: string;
    readonly fields: LogFields;
    readonly ids: WorkIds;
  },
  options: EntryOptions,
): { readonly entry: Readonly<Record<string, unknown>>; readonly message: string } => {
  const plainer = new Plainer(options);
  const message = plainer.text(o.message);
  const { logger, performance, ...rest } = o.fields;
  const measured = performanceSchema.safeParse(performance);
  // Ids last: a field of the same name must not put a line under another job.
  const own = {
    ...rest,
    ...(measured.success || performance === undefined ? {} : { performance }),
    ...o.ids,
  };
  const context = Object.fromEntries(Object.entries(own).map(([name, value]) => [snake(name), value]));
  return {
    message,
    entry: {
      category: o.category,
      logger: plainer.text(typeof logger === 'string' ? logger : options.logger),
      ...(Object.keys(context).length === 0 ? {} : { context: plainer.value(context) }),
      ...(measured.success ? { performance: timing(measured.data, plainer) } : {}),
    },
  };
};

const timing = ({ operation, durationMs, success }: z.infer<typeof performanceSchema>, plainer: Plainer) => ({
  operation: plainer.text(operation),
  ...(durationMs === undefined ? {} : { duration_ms: Math.round(durationMs * 100) / 100 }),
  ...(success === undefined ? {} : { success }),
});
