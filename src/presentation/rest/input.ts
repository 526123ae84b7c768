import type { Context } from 'hono';
import { z } from 'zod';
import { TaskValidationError } from '../../domain/errors/index.ts';
import { approvalIdSchema, jobIdSchema, taskIdSchema } from '../../domain/ids.ts';
import type { HttpEnv } from '../http/env.ts';
import { read } from '../wire/invalidArguments.ts';

const NUMBER = /^-?\d{1,15}(?:\.\d{1,6})?$/;

export const jobParams = z.strictObject({ job_id: jobIdSchema });
export const approvalParams = z.strictObject({ approval_id: approvalIdSchema });
export const taskParams = z.strictObject({ job_id: jobIdSchema, task_id: taskIdSchema });

/** A number of the query: plain decimal notation, as the schema wants it. */
export const numberText = <S extends z.ZodType<number>>(schema: S) =>
  z.preprocess((text) => (typeof text === 'string' && NUMBER.test(text) ? Number(text) : text), schema);

export const readParams = <S extends z.ZodType>(what: string, c: Context<HttpEnv>, schema: S): z.output<S> =>
  read(what, schema, c.req.param());

/** A parameter that is given twice stays a list, which no schema takes. */
export const readQuery = <S extends z.ZodType>(what: string, c: Context<HttpEnv>, schema: S): z.output<S> => {
  const given = Object.entries(c.req.queries()).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ]);
  return read(what, schema, Object.fromEntries(given));
};

/** Type and size were looked at by the middleware in front. No body is an empty object. */
export const readBody = async <S extends z.ZodType>(
  what: string,
  c: Context<HttpEnv>,
  schema: S,
): Promise<z.output<S>> => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return read(what, schema, {});
  const text = await c.req.text();
  if (text === '') return read(what, schema, {});
  return read(what, schema, jsonOf(text));
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new TaskValidationError('The body is no valid JSON.', { hint: 'Correct the JSON and call again.' });
  }
};

/** True where the caller asks for events instead of JSON. */
export const wantsEvents = (c: Context<HttpEnv>): boolean =>
  /(?:^|,)\s*text\/event-stream\s*(?:[;,]|$)/i.test(c.req.header('accept') ?? '');

/**
 * Where a stream goes on: the id of the last event that the client had, else what it asked for. What is no
 * number says nothing.
 */
export const startOf = (c: Context<HttpEnv>, asked: number): number => {
  const id = c.req.header('last-event-id') ?? '';
  return /^\d{1,15}$/.test(id) ? Number(id) : asked;
};
