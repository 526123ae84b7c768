import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { HttpEnv } from '../http/env.ts';
import { invalidArguments } from '../wire/invalidArguments.ts';
import { problemSchema } from '../wire/problem.ts';

/** An app whose routes are checked by their schemas, and refuse what does not fit with the fields' names. */
export const documentedApp = (): OpenAPIHono<HttpEnv> =>
  new OpenAPIHono<HttpEnv>({
    defaultHook: (result, c) => {
      if (!result.success) throw invalidArguments(`${c.req.method} ${c.req.path}`, result.error);
    },
  });

export const jsonBodyOf = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

export const jsonAnswer = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});

export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});
