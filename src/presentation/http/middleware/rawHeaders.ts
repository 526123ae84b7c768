import type { Context } from 'hono';
import type { HttpEnv } from '../env.ts';

/**
 * Each value of a header as it was sent: Node drops or joins repeated ones, and what two readers see differently
 * is how checks are got around.
 */
export const headerValues = (c: Context<HttpEnv>, name: string): readonly string[] => {
  const raw = c.env.incoming.rawHeaders;
  const wanted = name.toLowerCase();
  return raw.flatMap((value, at) => (at % 2 === 1 && raw[at - 1]?.toLowerCase() === wanted ? [value] : []));
};
