import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import type { Access, Identity } from '../../../src/application/access/access.ts';
import type { Elicitation } from '../../../src/application/approving/elicitationChoice.ts';
import { principalIdSchema, type Role } from '../../../src/domain/principal.ts';
import { type ConnectionLimits, listen } from '../../../src/infrastructure/http/listen.ts';
import { systemClock } from '../../../src/infrastructure/system/systemClock.ts';
import { createLogger } from '../../../src/infrastructure/telemetry/logger.ts';
import { createHttpApp, type HttpParts } from '../../../src/presentation/http/app.ts';
import { connectionRefusals } from '../../../src/presentation/http/connectionRefusals.ts';
import type { HttpSettings } from '../../../src/presentation/http/deps.ts';
import type { HttpEnv } from '../../../src/presentation/http/env.ts';
import { OpenStreams } from '../../../src/presentation/http/openStreams.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';

const who = (id: string, roles: readonly Role[], limitKey: string | undefined): Identity => ({
  principal: { id: principalIdSchema.parse(id), roles },
  limitKey,
});

/** The secrets that are good. The token of the same user has no limit. */
export const TOKEN = 'col_same-user';
export const KEY = 'co_first';
export const OTHER_KEY = 'co_second';
export const APPROVER_KEY = 'co_approver';
export const SESSION = 'session-secret';

const IDENTITIES = new Map([
  [TOKEN, who('local-agent', ['agent'], undefined)],
  [KEY, who('key:first', ['agent'], 'key:first')],
  [OTHER_KEY, who('key:second', ['agent'], 'key:second')],
  [APPROVER_KEY, who('key:approver', ['approver'], 'key:approver')],
]);

const accessBut = (spent: ReadonlySet<string>): Access => ({
  identify: async (secret) => (spent.has(secret) ? undefined : IDENTITIES.get(secret)),
  session: async (secret) =>
    secret === SESSION && !spent.has(secret)
      ? { ...who('person', ['admin'], 'person'), via: 'passphrase' }
      : undefined,
});

export type HttpUnderTest = {
  readonly url: string;
  readonly port: number;
  readonly host: string;
  readonly streams: OpenStreams;
  /** Entries of the log, DEBUG and above. */
  readonly log: readonly Record<string, unknown>[];
  readonly logText: () => string;
  readonly close: (graceMs: number) => Promise<void>;
};

const probe = (): Hono<HttpEnv> =>
  new Hono<HttpEnv>()
    .get('/whoami', (c) => c.json({ id: c.get('identity').principal.id, via: c.get('credential') }))
    .post('/echo', async (c) => c.json({ got: (await c.req.text()).length }))
    .post('/json', async (c) => c.json({ got: await c.req.json() }));

export type Options = {
  readonly settings?: Partial<HttpSettings>;
  readonly parts?: Partial<HttpParts>;
  readonly limits?: Partial<ConnectionLimits>;
  readonly ready?: () => boolean;
  /** What the person let clients' forms do. */
  readonly elicitation?: Elicitation;
  readonly streams?: OpenStreams;
  /** Secrets that are good no more; the test adds to it. */
  readonly spent?: ReadonlySet<string>;
};

/** The whole app on a real port of loopback, with routes that tell what middleware made of the request. */
export const startHttp = async (o: Options = {}): Promise<HttpUnderTest> => {
  const lines: string[] = [];
  const logger = await createLogger({
    level: 'DEBUG',
    format: 'json',
    stream: { write: (line: string) => void lines.push(line) },
  });
  const streams = o.streams ?? new OpenStreams();
  const serving = Promise.withResolvers<Hono<HttpEnv>>();
  const listener = await listen({
    fetch: async (request, env) => (await serving.promise).fetch(request, { ...env }),
    host: '127.0.0.1',
    port: 0,
    limits: o.limits,
    endStreams: () => streams.endAll(),
    onRefused: connectionRefusals({ logger, clock: systemClock }),
  });
  const host = `127.0.0.1:${listener.port}`;
  const settings: HttpSettings = {
    hosts: [host, `localhost:${listener.port}`],
    ownOrigins: [listener.url],
    corsOrigins: [],
    trustedProxies: [],
    rateLimit: 100,
    publicUrl: listener.url,
    tools: 'full',
    ...o.settings,
  };
  const orchestrator = createFixtureOrchestrator(o.elicitation);
  const app = createHttpApp(
    {
      orchestrator,
      approvals: orchestrator.desk,
      approvers: {
        personIsSet: async () => true,
        elicitation: { elicitationChoice: async () => o.elicitation ?? 'deny_only' },
      },
      access: accessBut(o.spent ?? new Set()),
      clock: systemClock,
      logger,
      version: '1.2.3',
      settings,
      ready: o.ready ?? (() => true),
      streams,
      prove: (challenge) => `proof of ${challenge}`,
    },
    {
      rest: probe(),
      mcp: new Hono<HttpEnv>().post('/', (c) => c.json({ id: c.get('identity').principal.id })),
      auth: new Hono<HttpEnv>(),
      page: new Hono<HttpEnv>(),
      ...o.parts,
    },
  );
  serving.resolve(app);
  onTestFinished(() => listener.close(0));
  return {
    url: listener.url,
    port: listener.port,
    host,
    streams,
    get log() {
      return lines.map((line) => JSON.parse(line));
    },
    logText: () => lines.join(''),
    close: listener.close,
  };
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Ask = {
  readonly method?: string;
  readonly path?: string;
  /** An array is as many headers of that name. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string;
};

/** One request over a connection of its own, with exactly these headers. */
export const ask = (
  { port }: { readonly port: number },
  { method = 'GET', path = '/api/v1/whoami', headers = {}, body }: Ask = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: given, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });

/** Writes `text` as it stands and resolves with everything that comes until the server closes the connection. */
export const raw = ({ port }: { readonly port: number }, text: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const chunks: Buffer[] = [];
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection stayed open after: ${Buffer.concat(chunks).toString('latin1')}`));
    }, 10_000);
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset is a close, too.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(deadline);
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });

/** Status codes of all answers in what `raw` gave. */
export const statuses = (text: string): readonly number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));

export const withKey = { 'X-API-Key': KEY } as const;
