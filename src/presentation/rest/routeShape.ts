import type { Context } from 'hono';
import type { z } from 'zod';
import type { HttpEnv } from '../http/env.ts';
import type { ComponentName } from './document/components.ts';

export type RestContext = Context<HttpEnv>;

/** What one media type of an answer holds: a component, or text with an example of it. */
export type AnswerBody =
  | { readonly schema: ComponentName }
  | { readonly text: string; readonly example: string };

export type Answer = {
  readonly description: string;
  /** Headers that say something, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By media type. */
  readonly content?: Readonly<Record<string, AnswerBody>>;
};

export type Route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = {
  readonly method: 'get' | 'post';
  /** Below `/api/v1`, parameters as `{name}`. */
  readonly path: string;
  /** The operation's id. */
  readonly id: string;
  readonly tag: 'jobs' | 'tasks' | 'approvals' | 'server';
  readonly summary: string;
  readonly description: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The component that describes the body. */
  readonly bodyName?: ComponentName;
  /** Request headers that say something, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of problems besides those that every call can have. */
  readonly problems?: readonly number[];
  readonly handle: (
    c: RestContext,
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
  ) => Response | Promise<Response>;
};
