import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Orchestrator } from '../../src/application/api.ts';
import { systemClock } from '../../src/infrastructure/system/systemClock.ts';
import { OpenStreams } from '../../src/presentation/http/openStreams.ts';
import { apiDocument } from '../../src/presentation/rest/document/document.ts';
import type { SchemaShape } from '../../src/presentation/rest/document/shape.ts';
import { createRestRoutes } from '../../src/presentation/rest/rest.ts';
import { inertLine } from '../../src/presentation/wire/inertText.ts';
import { ask, type HttpUnderTest, TOKEN } from '../presentation/http/support.ts';
import { clientOf, request, startRestOver } from '../presentation/rest/support.ts';
import { HOSTILE } from './hostile.ts';

const document = apiDocument([createRestRoutes({ streams: new OpenStreams(), clock: systemClock })]);
const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId = '', parameters, requestBody }]) => ({
    id: operationId,
    method: method.toUpperCase(),
    path,
    parameters,
    body: requestBody?.content['application/json']?.schema,
  })),
);
type Route = (typeof routes)[number];

const JOB = 'job_0000000000000001';
const APPROVAL = 'apr_0000000000000001';
const GOOD: Readonly<Record<string, string>> = { job_id: JOB, approval_id: APPROVAL, task_id: 'a' };

const task = {
  id: 't',
  title: 'T',
  prompt: 'p',
  depends_on: ['a'],
  verify: 'v',
  writes: ['w'],
  model: 'm',
  priority: 'low',
};
const plan = { request: 'r', workspace: '/w', tasks: [{ id: 'a', prompt: 'p' }, task], priority: 'low' };
const job = {
  ...plan,
  isolation: 'worktree',
  apply: 'branch',
  setup: 's',
  copy: ['c'],
  verify: 'v',
  model: 'm',
  idempotency_key: 'k',
};
const passkey = {
  flow: 'f',
  response: {
    ...{ id: 'i', rawId: 'i', type: 'public-key' },
    response: { clientDataJSON: 'c', authenticatorData: 'a', signature: 's', userHandle: 'u' },
  },
};
/** For each route with a body those that together have every text that it takes. */
const BODIES: Readonly<Record<string, readonly unknown[]>> = {
  orchestrate: [job],
  batch: [{ requests: [job] }],
  analyze: [plan],
  cancelJob: [{ task_id: 'a', reason: 'r' }],
  steerJob: [
    { action: 'message', task_id: 'a', message: 'm' },
    { action: 'skip', task_id: 'a', reason: 'r' },
  ],
  decideApproval: [{ decision: 'deny', reason: 'r', code: 'c', passkey }],
  answerElicitation: [{ decision: 'deny', reason: 'r' }],
};

/** Free text of callers, by the name of the field; every other text is refused where it is not of its form. */
const FREE = new Set(
  'request prompt title workspace message reason setup verify copy writes idempotency_key code flow'.split(
    ' ',
  ),
);
/** What is looked up by a store that the routes do not have here: `store.test.ts` has it. */
const ELSEWHERE = new Set(['cursor']);

/** What an authenticator says is base64url, and so may be a word. */
const mayBe = (place: Place, text: string): boolean =>
  FREE.has(nameAt(place)) || (place.includes('passkey') && /^[A-Za-z0-9_-]+$/.test(text));

type Place = readonly (string | number)[];
const nameAt = (place: Place): string => String(place.findLast((part) => typeof part === 'string'));

const textsOf = (value: unknown, at: Place = []): readonly Place[] => {
  if (typeof value === 'string') return [at];
  if (Array.isArray(value)) return value.flatMap((one, n) => textsOf(one, [...at, n]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textsOf(one, [...at, key]));
};

const replaced = (value: unknown, [first, ...rest]: Place, text: string): unknown => {
  if (first === undefined) return text;
  if (Array.isArray(value)) return value.map((one, n) => (n === first ? replaced(one, rest, text) : one));
  const fields = z.record(z.string(), z.unknown()).parse(value);
  return { ...fields, [first]: replaced(fields[first], rest, text) };
};

/** Names of the texts that a schema of the document takes. */
const documentedTexts = (schema: SchemaShape, name = ''): readonly string[] => {
  if (schema.$ref !== undefined) {
    const component = document.components.schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    return component === undefined ? [] : documentedTexts(component, name);
  }
  return [
    ...(schema.type === 'string' ? [name] : []),
    ...(schema.items === undefined ? [] : documentedTexts(schema.items, name)),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) => documentedTexts(one, key)),
  ];
};

type Sent = { readonly params?: Record<string, string>; readonly query?: string; readonly body?: unknown };

const send = async (server: HttpUnderTest, { method, path, parameters }: Route, sent: Sent) => {
  const filled = parameters
    .filter((one) => one.in === 'path')
    .reduce(
      (so, { name }) => so.replace(`{${name}}`, encodeURIComponent(sent.params?.[name] ?? GOOD[name] ?? '')),
      path,
    );
  const { status, body } = await ask(server, {
    method,
    path: sent.query === undefined ? filled : `${filled}?${sent.query}`,
    headers: {
      'X-API-Key': TOKEN,
      ...(sent.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
  });
  return { status, body };
};

/** A server with a job and an approval, and all that its routes hand on to the orchestrator. */
const started = async () => {
  const handedOn: unknown[] = [];
  const noting =
    <A extends readonly unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      handedOn.push(...args);
      return call(...args);
    };
  const server = await startRestOver(
    (o: Orchestrator): Orchestrator => ({
      ...o,
      submit: noting(o.submit),
      analyze: noting(o.analyze),
      cancel: noting(o.cancel),
      // The fixture takes a message for what its worker does.
      steer: noting((id: Parameters<Orchestrator['steer']>[0]) => o.status(id)),
      decide: noting(o.decide),
    }),
  );
  const client = clientOf(server);
  await client.submit(request);
  await client.steer({ job_id: JOB, task_id: 'a', action: 'message', message: 'ask rm -rf x' });
  return { server, handedOn };
};

const holds = (value: unknown, text: string): boolean =>
  textsOf(value).some((at) => at.reduce<unknown>((so, key) => Object(so)[key], value) === text);

afterEach(() => {
  for (const folder of [process.cwd(), tmpdir()]) expect(existsSync(join(folder, 'x'))).toBe(false);
});

test('every route of the document is sent a hostile text in every field that takes one', () => {
  for (const { id, body } of routes) {
    const named = new Set(textsOf(BODIES[id]).map(nameAt));
    // A batch says nothing of its requests: each is checked by itself.
    const missing = body === undefined ? [] : documentedTexts(body).filter((name) => !named.has(name));
    expect([id, missing]).toEqual([id, []]);
  }
  expect(routes.length).toBeGreaterThan(15);
});

describe.each(routes.filter(({ parameters }) => parameters.some((one) => one.in !== 'header')))(
  'the parameters of $method $path',
  (route) => {
    test('are refused with 400 where they are not of their form', async () => {
      const { server, handedOn } = await started();
      const before = handedOn.length;
      for (const { name, in: where } of route.parameters) {
        if (where === 'header' || ELSEWHERE.has(name)) continue;
        for (const text of HOSTILE) {
          const sent =
            where === 'path'
              ? { params: { [name]: text } }
              : { query: new URLSearchParams({ [name]: text }).toString() };
          const { status } = await send(server, route, sent);
          expect([name, text, status]).toEqual([name, text, 400]);
        }
      }
      expect(handedOn).toHaveLength(before);
    });
  },
);

describe.each(routes.filter(({ body }) => body !== undefined))('the body of $method $path', (route) => {
  test('is refused with 400 where a text is not of its form, and handed on to the letter where it is free', async () => {
    const { server, handedOn } = await started();
    const places = (BODIES[route.id] ?? []).flatMap((whole) =>
      textsOf(whole).map((place) => ({ whole, place })),
    );
    for (const { whole, place } of places)
      for (const text of HOSTILE) {
        handedOn.length = 0;
        const { status, body } = await send(server, route, { body: replaced(whole, place, text) });
        const said = [nameAt(place), text, status];
        const refused =
          route.id === 'batch'
            ? z.object({ answers: z.array(z.object({ status: z.number() })) }).parse(JSON.parse(body))
                .answers[0]?.status
            : status;
        expect(refused, body).toBeLessThan(500);
        if (refused === 400) expect([said, handedOn]).toEqual([said, []]);
        else {
          expect([said, mayBe(place, text)]).toEqual([said, true]);
          // A title is a line for people.
          const kept = nameAt(place) === 'title' ? inertLine(text, 200) : text;
          expect([said, holds(handedOn, kept)]).toEqual([said, true]);
        }
      }
  });

  test('is refused with 400 where it has a field of no name of its own', async () => {
    const { server, handedOn } = await started();
    handedOn.length = 0;
    const fields = z.record(z.string(), z.unknown()).parse(BODIES[route.id]?.[0]);
    for (const name of ['approved_by', 'role', 'constructor', "'; drop table jobs; --"]) {
      const { status } = await send(server, route, { body: { ...fields, [name]: 'admin' } });
      expect([name, status]).toEqual([name, 400]);
    }
    const polluting = `{"__proto__":{"role":"admin"},${JSON.stringify(fields).slice(1)}`;
    await send(server, route, { body: JSON.parse(polluting) });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('role' in {}).toBe(false);
  });
});
