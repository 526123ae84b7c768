import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { SESSION_COOKIE } from '../../../src/presentation/http/middleware/credentials.ts';
import { OpenStreams } from '../../../src/presentation/http/openStreams.ts';
import { apiDocument } from '../../../src/presentation/rest/document/document.ts';
import type { OperationShape } from '../../../src/presentation/rest/document/shape.ts';
import { createRestRoutes } from '../../../src/presentation/rest/rest.ts';
import { type Answer, ask, type HttpUnderTest, SESSION, TOKEN } from '../http/support.ts';
import { arbitraryOf, validatorOf } from './documented.ts';
import { clientOf, request, startRest } from './support.ts';

const document = apiDocument([createRestRoutes({ streams: new OpenStreams(), clock: systemClock })]);

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
type Operation = (typeof operations)[number];

const streams = ({ operation }: Operation): boolean =>
  Object.values(operation.responses).some(({ content }) => {
    const types = Object.keys(content ?? {});
    return types.length === 1 && types[0] === 'text/event-stream';
  });

/** What nobody would send in good faith. */
const hostile = fc.oneof(
  fc.constantFrom(
    '',
    '..',
    '../../etc/passwd',
    '\0',
    '💥',
    'null',
    '[]',
    '-1',
    '1e9',
    "' or 1=1 --",
    '__proto__',
    'a\r\nb',
  ),
  fc.string({ maxLength: 60, unit: 'binary' }).filter((text) => text.isWellFormed()),
  fc.constant('x'.repeat(5000)),
);

type Sent = { readonly path: string; readonly body: string | undefined };

const jobIds = ['job_0000000000000001', 'job_0000000000000002', 'job_zzzzzzzzzzzzzzzz'];

/** More than are decided in one property: each may be decided once. */
const APPROVALS = 40;
const approvalIds = Array.from({ length: APPROVALS }, (_, n) => `apr_${String(n + 1).padStart(16, '0')}`);

const known: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  approval_id: fc.constantFrom(...approvalIds, 'apr_zzzzzzzzzzzzzzzz'),
  job_id: fc.constantFrom(...jobIds),
  task_id: fc.constantFrom('a', 'b', 'none'),
};

const sent = (
  { path, operation }: Operation,
  value: (parameter: OperationShape['parameters'][number]) => fc.Arbitrary<unknown>,
  body: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<Sent> =>
  fc
    .tuple(
      fc.tuple(
        ...operation.parameters
          .filter((one) => one.in === 'path' || one.in === 'query')
          .map((one) =>
            fc.tuple(fc.constant(one), one.required ? value(one) : fc.option(value(one), { nil: undefined })),
          ),
      ),
      body,
    )
    .map(([parameters, text]) => {
      let filled = path;
      const search = new URLSearchParams();
      for (const [one, given] of parameters) {
        // "." and ".." are no values: every client takes them for a way to another route, an endless stream even.
        const value = encodeURIComponent(String(given)).replace(/^\.\.?$/, '...');
        if (one.in === 'path') filled = filled.replace(`{${one.name}}`, value);
        else if (given !== undefined) search.set(one.name, String(given));
      }
      return { path: search.size === 0 ? filled : `${filled}?${search}`, body: text };
    });

const valid = (one: Operation): fc.Arbitrary<Sent> => {
  const body = one.operation.requestBody?.content['application/json']?.schema;
  return sent(
    one,
    ({ name, schema }) => known[name] ?? arbitraryOf(document, schema),
    body === undefined
      ? fc.constant(undefined)
      : arbitraryOf(document, body).map((value) =>
          JSON.stringify(
            typeof value === 'object' && value !== null && 'wait_seconds' in value
              ? { ...value, wait_seconds: 0 }
              : value,
          ),
        ),
  );
};

const invalid = (one: Operation): fc.Arbitrary<Sent> =>
  sent(
    one,
    () => hostile,
    one.operation.requestBody === undefined
      ? fc.constant(undefined)
      : fc.oneof(fc.json({ maxDepth: 3 }), hostile, fc.constant('{"tasks":[{}],"wait_seconds":"x"}')),
  );

/** Where the generated requests hit what is granted by luck only, one that is meant to be granted goes first. */
const MEANT: Readonly<Record<string, Sent>> = {
  decideApproval: {
    path: `/api/v1/approvals/${approvalIds[0]}/decision`,
    body: JSON.stringify({ decision: 'deny', reason: 'not needed' }),
  },
};

/** A person's own session where only a person is answered, else the token. */
const credential = (server: HttpUnderTest, { operation }: Operation): Record<string, string> =>
  PERSONS.has(operation.operationId ?? '')
    ? { Cookie: `${SESSION_COOKIE}=${SESSION}`, Origin: server.url }
    : { 'X-API-Key': TOKEN };
const PERSONS: ReadonlySet<string> = new Set(['showApprovalCode', 'listAudit']);

const send = (server: HttpUnderTest, one: Operation, { path, body }: Sent): Promise<Answer> =>
  ask(server, {
    method: one.method,
    path,
    headers: {
      ...credential(server, one),
      ...(body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    },
    ...(body === undefined ? {} : { body }),
  });

/** Status and body are as documented, and no fault of ours. */
const holds = ({ operation }: Operation, answer: Answer): void => {
  expect(answer.status, answer.body).toBeLessThan(500);
  const documented = operation.responses[String(answer.status)];
  expect(documented, `${answer.status} ${answer.body}`).toBeDefined();
  if (documented?.content === undefined) {
    expect(answer.body).toBe('');
    return;
  }
  const type = String(answer.headers['content-type']).split(';', 1).join('');
  const content = documented?.content?.[type];
  expect(content, type).toBeDefined();
  if (content === undefined || !type.endsWith('json')) return;
  const parsed = validatorOf(document, content.schema).safeParse(JSON.parse(answer.body));
  expect(parsed.error, answer.body).toBeUndefined();
};

const prepared = async (): Promise<HttpUnderTest> => {
  const server = await startRest();
  const client = clientOf(server);
  for (let n = 0; n < 2; n += 1) await client.submit(request);
  for (let n = 0; n < APPROVALS; n += 1)
    await client.steer({
      job_id: jobIds[0] ?? '',
      task_id: 'a',
      action: 'message',
      message: `ask rm -rf ${n}`,
    });
  return server;
};

describe.each(operations.filter((one) => !streams(one)))('$method $path', (one) => {
  it('answers what is valid as documented', async () => {
    const server = await prepared();
    const seen = new Set<number>();
    const meant = MEANT[one.operation.operationId ?? ''];
    await fc.assert(
      fc.asyncProperty(valid(one), async (given) => {
        const answer = await send(server, one, given);
        seen.add(answer.status);
        holds(one, answer);
      }),
      { numRuns: 25, examples: meant === undefined ? [] : [[meant]] },
    );
    // Not only refusals: the generated requests do what they are for.
    expect([...seen].some((status) => status < 300)).toBe(true);
  });

  it('answers what is not with a documented refusal', async () => {
    const server = await prepared();
    await fc.assert(
      fc.asyncProperty(invalid(one), async (given) => holds(one, await send(server, one, given))),
      { numRuns: 25 },
    );
  });
});
