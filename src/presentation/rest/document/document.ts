import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv } from '../../http/env.ts';
import { SESSION_COOKIE } from '../../http/middleware/credentials.ts';
import type { RestApp } from '../route.ts';
import { componentSchemas } from './jsonSchemas.ts';
import { ALWAYS, PROBLEM_TYPE, problemAnswer, WITH_BODY } from './problems.ts';
import { type ApiDocument, apiDocumentSchema, type OperationShape } from './shape.ts';

/** Of the API, as in its path; the server's own is what `/api/v1/system` says. */
const API_VERSION = '1';

const SECURITY = {
  ApiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key: `claude-orchestrator keys create` makes one.',
  },
  Bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, the token of this user (`server.json`), or an access token of a listed issuer.',
  },
  Session: {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description:
      'The session of a browser that has signed in. What changes something must come from the own origin.',
  },
} as const;

const TAGS = [
  { name: 'jobs', description: 'Submitting, watching and steering jobs' },
  { name: 'tasks', description: 'Tasks of a job' },
  { name: 'approvals', description: 'Calls of workers that a person is asked about' },
  { name: 'server', description: 'The server and its workers' },
  { name: 'auth', description: 'Sessions of people' },
  { name: 'keys', description: 'API keys' },
];

/**
 * The OpenAPI 3.1 document of the parts of the API that stand below `/api/v1`.
 * @param parts the apps as they are mounted there.
 */
export const apiDocument = (parts: readonly RestApp[]): ApiDocument => {
  const root = new OpenAPIHono<HttpEnv>();
  for (const [name, scheme] of Object.entries(SECURITY))
    root.openAPIRegistry.registerComponent('securitySchemes', name, scheme);
  for (const part of parts) root.route('/api/v1', part);
  const { components, ...document } = root.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Claude Orchestrator',
      version: API_VERSION,
      description:
        'Gets large work done by many Claude Code workers. JSON in snake_case; times are ISO 8601, money is USD; errors are problems (RFC 9457) whose `hint` says what to do next.',
      license: { name: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server that this document comes from' }],
    tags: TAGS,
    security: [{ ApiKey: [] }, { Bearer: [] }, { Session: [] }],
  });
  return withProblems(
    apiDocumentSchema.parse({
      ...document,
      components: { ...components, schemas: { ...components?.schemas, ...componentSchemas() } },
    }),
  );
};

/** Every problem of every part is the one component, and every call can have those of `ALWAYS`. */
const withProblems = (document: ApiDocument): ApiDocument => ({
  ...document,
  paths: Object.fromEntries(
    Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          { ...operation, responses: problemResponses(operation) },
        ]),
      ),
    ]),
  ),
});

const problemResponses = ({ responses, requestBody }: OperationShape): OperationShape['responses'] => {
  const own = Object.entries(responses).map(([status, answer]) => {
    const isProblem = answer.content?.[PROBLEM_TYPE] !== undefined;
    return [status, isProblem ? { ...answer, content: problemAnswer(Number(status)).content } : answer];
  });
  const always = [...ALWAYS, ...(requestBody === undefined ? [] : WITH_BODY)];
  return {
    ...Object.fromEntries(always.map((status) => [status, problemAnswer(status)])),
    ...Object.fromEntries(own),
  };
};
