import type { RouteConfig } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Answer, AnswerBody, Route } from '../routeShape.ts';
import { parameterSchema, refTo } from './jsonSchemas.ts';
import { problemAnswer } from './problems.ts';

/** The generator knows three versions of OpenAPI, each with types of its own; a parameter is the same in all. */
const parametersSchema = z.custom<NonNullable<RouteConfig['parameters']>>(Array.isArray);

type Responses = RouteConfig['responses'];

const PARAMETER_WORDS: Readonly<Record<string, string>> = {
  approval_id: 'Id of an approval',
  job_id: 'Id of a job',
  task_id: 'Id of a task of the job',
};

const parameters = (shape: Readonly<Record<string, z.ZodType>>, place: 'path' | 'query'): readonly object[] =>
  Object.entries(shape).map(([name, schema]) => {
    const { description, ...json } = parameterSchema(schema);
    return {
      name,
      in: place,
      required: place === 'path' || !schema.safeParse(undefined).success,
      description: description ?? PARAMETER_WORDS[name] ?? name,
      schema: json,
    };
  });

const headers = (words: Readonly<Record<string, string>> = {}): readonly object[] =>
  Object.entries(words).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));

const contentOf = (body: AnswerBody) =>
  'schema' in body
    ? { schema: refTo(body.schema) }
    : { schema: { type: 'string' as const, description: body.text }, example: body.example };

const answerOf = ({ description, headers: given, content }: Answer): Responses[string] => ({
  description,
  ...(given === undefined
    ? {}
    : {
        headers: Object.fromEntries(
          Object.entries(given).map(([name, words]) => [
            name,
            { description: words, schema: { type: 'string' } },
          ]),
        ),
      }),
  ...(content === undefined
    ? {}
    : {
        content: Object.fromEntries(Object.entries(content).map(([type, body]) => [type, contentOf(body)])),
      }),
});

/** What the document says of a route. */
export const describeRoute = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  route: Route<P, Q, B>,
): RouteConfig => {
  const problems = route.problems ?? [];
  return {
    method: route.method,
    path: route.path,
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    parameters: parametersSchema.parse([
      ...parameters(route.params.shape, 'path'),
      ...parameters(route.query.shape, 'query'),
      ...headers(route.headers),
    ]),
    ...(route.bodyName === undefined
      ? {}
      : {
          request: {
            body: { required: true, content: { 'application/json': { schema: refTo(route.bodyName) } } },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer)]),
      ),
      ...Object.fromEntries(problems.map((status) => [status, problemAnswer(status)])),
    },
  };
};
