import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';

/** The router answers thrown errors; anything else that is thrown becomes one here. */
export const catchAll = (answer: (thrown: unknown, c: Context<HttpEnv>) => Response) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    try {
      await next();
    } catch (thrown) {
      c.res = answer(thrown, c);
    }
  });
