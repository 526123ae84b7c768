import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { OrchestratorApi, Watch } from '../wire/api.ts';
import { invalidArguments } from '../wire/invalidArguments.ts';
import { errorResult } from './errorResult.ts';

/** What a handler has at hand. */
export type ToolContext = Watch & {
  /** Opens the orchestrator, or finds the server that runs it, at the first call that needs it. */
  readonly api: () => Promise<OrchestratorApi>;
};

export type Link = { readonly uri: string; readonly name: string; readonly description: string };

export type ToolAnswer<T> = {
  /** What a client shows that reads text only: the essence of `structured`, and what to call next. */
  readonly text: string;
  readonly structured: T;
  /** Where heavy or shortened things can be read whole. */
  readonly links?: readonly Link[];
};

/** All four are always said: a client assumes the worst of a missing one. */
export type Annotations = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
};

export type ToolDefinition<I extends z.ZodType, O extends z.ZodType> = {
  readonly name: string;
  readonly title: string;
  /** At most 2 KB. */
  readonly description: string;
  readonly input: I;
  readonly output: O;
  readonly annotations: Annotations;
  readonly handler: (args: z.output<I>, context: ToolContext) => Promise<ToolAnswer<z.output<O>>>;
};

export type Tool = Omit<ToolDefinition<z.ZodType, z.ZodType>, 'handler'> & {
  /** Checks the arguments, runs the handler and shapes the result; never throws. */
  readonly call: (args: unknown, context: ToolContext) => Promise<CallToolResult>;
};

/** Makes a tool of its definition. */
export const defineTool = <I extends z.ZodType, O extends z.ZodType>(
  definition: ToolDefinition<I, O>,
): Tool => {
  const { handler, ...shown } = definition;
  return {
    ...shown,
    call: async (args, context) => {
      try {
        const parsed = definition.input.safeParse(args ?? {});
        if (!parsed.success) throw invalidArguments(definition.name, parsed.error);
        return toResult(await handler(parsed.data, context));
      } catch (error) {
        return errorResult(error, definition.name);
      }
    },
  };
};

const toResult = (answer: ToolAnswer<unknown>): CallToolResult => ({
  content: [
    { type: 'text', text: answer.text },
    ...(answer.links ?? []).map((link) => ({ type: 'resource_link' as const, ...link })),
  ],
  structuredContent: answer.structured,
});
