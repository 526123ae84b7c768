import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readPageFiles } from '../../../../../src/presentation/dashboard/pageFiles.ts';
import type { SessionAnswer } from '../../../../../src/presentation/wire/session.ts';
import type { SampleJob } from '../../job/support/sampleJob.ts';
import { challengeOf, isSigned, type Passkey } from './passkey.ts';
import type { Sample } from './samples.ts';

export type ApprovalServer = {
  /** By name: a passkey belongs to one. */
  readonly origin: string;
  readonly approvals: Sample[];
  /** Bodies of the decisions that came, oldest first. */
  readonly decisions: Readonly<Record<string, unknown>>[];
  session: SessionAnswer | undefined;
  readonly audit: Readonly<Record<string, unknown>>[];
  /** A happening of all jobs' stream, as after a change of an approval. */
  tell(type: string): void;
  /** Another one decides, and everybody hears of it. */
  decideElsewhere(approval: Sample, decision: 'approve' | 'deny'): void;
  /** Another one will be a moment faster than whoever decides next. */
  outrun(approval: Sample): void;
  /** Ends every stream, as a restart would. */
  cut(): void;
  close(): Promise<void>;
};

type Channel = Sample['decisions'][number]['channel'];

const OPEN: ReadonlySet<string> = new Set(['pending', 'superseded']);
const POLICY =
  "default-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
export const CODE = '7KQM-2XWD';

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body: Record<string, unknown> = JSON.parse(text || '{}');
  return body;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The built dashboard with made-up approvals and one job behind it. */
export const serveApprovals = async (
  folder: string,
  o: { readonly job: SampleJob; readonly passkey: Passkey; readonly person: SessionAnswer },
): Promise<ApprovalServer> => {
  const files = readPageFiles(folder);
  const streams = new Set<ServerResponse>();
  const approvals: Sample[] = [];
  const audit: ApprovalServer['audit'] = [];
  const decisions: ApprovalServer['decisions'] = [];
  const outrun = new Set<Sample>();
  let seq = 0;

  const json = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, {
      'content-type': status < 400 ? 'application/json' : 'application/problem+json',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(body));
  };
  const problem = (response: ServerResponse, status: number, detail: string): void =>
    json(response, status, {
      title: 'No',
      detail,
      code: `E${status}`,
      hint: 'Look at the page.',
      retryable: false,
    });

  const settle = (
    approval: Sample,
    decision: 'approve' | 'deny',
    by: string,
    channel: Channel,
    reason: string,
  ): void => {
    approval.decisions = [
      ...approval.decisions,
      { decision, by, channel, reason, at: new Date().toISOString() },
    ];
    approval.status = decision === 'approve' ? 'approved' : 'denied';
    approval.decided_by = by;
    approval.next =
      decision === 'approve' ? 'The call runs as it was approved.' : 'The worker is told the reason.';
  };
  const tell: ApprovalServer['tell'] = (type) => {
    seq += 1;
    const data = { job_id: o.job.id, seq, at: new Date().toISOString(), type, task_id: 'tidy' };
    for (const stream of streams) stream.write(`event: happening\ndata: ${JSON.stringify(data)}\n\n`);
  };

  const decide = async (request: IncomingMessage, response: ServerResponse, approval: Sample) => {
    const body = await bodyOf(request);
    decisions.push(body);
    const { session } = server;
    const { passkey } = body;
    if (outrun.delete(approval)) settle(approval, 'approve', 'key:ops', 'key', 'I looked at it');
    if (!OPEN.has(approval.status)) {
      const last = approval.decisions.at(-1);
      return problem(response, 409, `Approval ${approval.approval_id} is decided by ${last?.by} already.`);
    }
    const decision = body.decision === 'approve' ? 'approve' : 'deny';
    if (decision === 'approve' && passkey !== undefined) {
      const given: unknown =
        typeof passkey === 'object' && passkey !== null ? Reflect.get(passkey, 'response') : undefined;
      if (!isSigned(given, challengeOf(approval.approval_id, approval.digest), o.passkey))
        return problem(response, 401, 'The passkey’s answer is not good.');
      settle(approval, decision, 'person', 'passkey', text(body.reason));
    } else if (decision === 'approve' && session?.via !== 'passphrase') {
      return problem(response, 403, 'This session cannot approve.');
    } else {
      settle(
        approval,
        decision,
        session?.principal ?? '',
        session?.via === 'link' ? 'agent' : 'passphrase',
        text(body.reason),
      );
    }
    tell('approval.changed');
    json(response, 200, {
      approval_id: approval.approval_id,
      status: approval.status,
      decided_by: session?.principal,
      channel: 'passphrase',
      next: approval.next,
    });
  };

  const oneApproval = async (
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    part: string | undefined,
  ): Promise<void> => {
    const approval = approvals.find(({ approval_id }) => approval_id === id);
    if (approval === undefined) problem(response, 404, 'There is no such approval.');
    else if (part === undefined) json(response, 200, approval);
    else if (part === 'decision') await decide(request, response, approval);
    else if (part === 'code')
      json(response, 200, { code: CODE, expires_at: new Date(Date.now() + 600_000).toISOString() });
    else
      json(response, 200, {
        flow: 'f1',
        options: {
          challenge: challengeOf(approval.approval_id, approval.digest),
          rpId: 'localhost',
          userVerification: 'required',
          allowCredentials: [],
        },
      });
  };

  const listed = (search: URLSearchParams): readonly Sample[] => {
    const wanted = new Set(search.get('status')?.split(',') ?? OPEN);
    return approvals
      .filter(({ status }) => wanted.has(status))
      .toSorted((a, b) => b.created_at.localeCompare(a.created_at))
      .slice(0, Math.min(50, Number(search.get('limit') ?? 20)));
  };

  const stream = (response: ServerResponse, kept: boolean): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 50\n\n: open\n\n');
    if (!kept) return;
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-security-policy', POLICY);
    const [, api, , kind, id, part] = pathname.split('/').map(decodeURIComponent);
    if (api !== 'api') {
      const file = files.get(pathname) ?? files.get('/index.html');
      response.setHeader('content-type', file?.type ?? 'text/plain').end(file?.bytes);
    } else if (kind === 'auth' && id === 'login') {
      server.session = o.person;
      json(response, 200, o.person);
    } else if (server.session === undefined) problem(response, 401, 'Sign in.');
    else if (kind === 'auth' && id === 'passkeys') json(response, 200, { passkeys: [] });
    else if (kind === 'auth') json(response, 200, server.session);
    else if (kind === 'events') stream(response, true);
    else if (kind === 'approvals' && id !== undefined) await oneApproval(request, response, id, part);
    else if (kind === 'approvals') json(response, 200, { approvals: listed(searchParams), next: '' });
    else if (kind === 'audit') {
      const before = Number(searchParams.get('before') ?? Number.POSITIVE_INFINITY);
      const rest = audit.filter(({ seq: number }) => Number(number) < before);
      const entries = rest.slice(0, Number(searchParams.get('limit')));
      json(response, 200, {
        entries,
        ...(entries.length < rest.length ? { next_before: entries.at(-1)?.seq } : {}),
      });
    } else if (kind === 'jobs' && id === undefined) json(response, 200, { jobs: [] });
    else if (kind === 'jobs' && part === 'events') {
      stream(response, false);
      for (const event of o.job.events)
        response.write(`id: ${event.seq}\nevent: happening\ndata: ${JSON.stringify(event)}\n\n`);
    } else if (kind === 'jobs' && part === 'diff') response.end('');
    else if (kind === 'jobs' && id === o.job.id) json(response, 200, o.job.whole);
    else problem(response, 404, 'There is nothing here.');
  };
  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const server: ApprovalServer = {
    origin: `http://localhost:${port}`,
    approvals,
    decisions,
    audit,
    session: o.person,
    tell,
    decideElsewhere: (approval, decision) => {
      settle(approval, decision, 'key:ops', 'key', 'I looked at it');
      tell('approval.changed');
    },
    outrun: (approval) => outrun.add(approval),
    cut: () => {
      for (const one of streams) one.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
};
