import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Decider } from '../../../src/application/approving/approvals.ts';
import { ApprovalDesk } from '../../../src/application/approving/desk.ts';
import type { CallInspector, Ruling, WaitingCall } from '../../../src/application/approving/ports.ts';
import { JobJournal } from '../../../src/application/journal.ts';
import { EventHub } from '../../../src/application/observing/eventHub.ts';
import type { Logger } from '../../../src/application/ports/logger.ts';
import type { Approval } from '../../../src/domain/approval.ts';
import type { JobEvent } from '../../../src/domain/events.ts';
import type { JobId } from '../../../src/domain/ids.ts';
import type { Job } from '../../../src/domain/job.ts';
import { LOCAL_AGENT, PERSON, type Principal, principalIdSchema } from '../../../src/domain/principal.ts';
import type { Verdict } from '../../../src/domain/safety/verdict.ts';
import { createPasskeyVerifier } from '../../../src/infrastructure/access/passkeyVerifier.ts';
import { nodeSecrets } from '../../../src/infrastructure/access/secrets.ts';
import { createCallInspector } from '../../../src/infrastructure/safety/callInspector.ts';
import { credentialsOver } from '../../../src/infrastructure/store/credentials.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { randomIds } from '../../../src/infrastructure/system/randomIds.ts';
import { JOB_ID, job, task, taskId } from '../../support/specs.ts';
import { ManualClock } from '../memory.ts';

export const ORIGIN = 'http://localhost:7777';
export const EXPIRY_MS = 86_400_000;
export const HOLD_MS = 120_000;

const principal = (id: string, roles: Principal['roles']): Principal => ({
  id: principalIdSchema.parse(id),
  roles,
});

/** Who may come to the desk. */
export const WHO = {
  agent: { principal: LOCAL_AGENT, via: undefined },
  link: { principal: LOCAL_AGENT, via: 'link' },
  elicited: { principal: LOCAL_AGENT, via: 'elicitation' },
  person: { principal: PERSON, via: 'passphrase' },
  passkeyPerson: { principal: PERSON, via: 'passkey' },
  ann: { principal: principal('key:ann', ['approver']), via: undefined },
  bob: { principal: principal('key:bob', ['approver']), via: undefined },
  admin: { principal: principal('key:root', ['admin']), via: undefined },
  colleague: { principal: principal('oauth:carol', ['approver']), via: undefined },
  viewer: { principal: principal('key:eve', ['viewer']), via: undefined },
  stranger: { principal: principal('key:mallory', ['agent']), via: undefined },
} as const satisfies Record<string, Decider>;

export const APPROVE = { decision: 'approve', reason: '' } as const;
export const DENY = { decision: 'deny', reason: 'not now' } as const;

export const folderOfTest = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'desk-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const verdict = (part: Partial<Verdict> = {}): Verdict => ({
  risk: 'HIGH',
  decision: 'ask',
  approversNeeded: 1,
  policyHash: 'p',
  reasons: [{ code: 'delete', risk: 'HIGH', span: 'rm', text: 'it deletes files' }],
  message: 'it is refused',
  ...part,
});

/** An inspector that finds no file: for what is not about files. */
export const BLIND: CallInspector = {
  inspect: async ({ tool, input }, { cwd }) => ({
    call: { tool, input: JSON.parse(JSON.stringify(input)), cwd, env: {}, files: [] },
    touches: [],
    diff: undefined,
  }),
};

export type DeskOptions = {
  readonly folder?: string;
  readonly clock?: ManualClock;
  readonly inspector?: CallInspector;
  readonly elicitation?: 'deny_only' | 'approve_high';
  readonly jobs?: readonly Partial<Job>[];
};

/** No two calls have one id, not even where a desk is opened anew: an id that comes again is the same call, changed. */
let calls = 0;

/** A desk over a real database, with jobs that run. @param o `folder` and `clock` of an earlier one: a restart. */
export const openDesk = async (o: DeskOptions = {}) => {
  const folder = o.folder ?? folderOfTest();
  const worktree = join(folder, 'worktree');
  mkdirSync(worktree, { recursive: true });
  const clock = o.clock ?? new ManualClock();
  const database = await openDatabase(join(folder, 'orchestrator.sqlite'));
  const store = storeOver(database, { clock, maxQueuedTasks: 10_000 });
  const faults: string[] = [];
  const bus = new EventHub((error) => faults.push(String(error)));
  const events: JobEvent[] = [];
  const journals = new Map<JobId, JobJournal>();
  const tripped: JobId[] = [];
  const desk = await ApprovalDesk.open({
    store,
    bus,
    clock,
    ids: randomIds,
    logger: loggerInto(faults),
    inspector: o.inspector ?? createCallInspector(),
    secrets: nodeSecrets,
    credentials: credentialsOver(database),
    elicitation: { elicitationChoice: async () => o.elicitation ?? 'deny_only' },
    settings: { expiryMs: EXPIRY_MS },
  });
  desk.usePasskeys(createPasskeyVerifier(() => ({ id: 'localhost', origins: [ORIGIN] })));
  desk.connect({ journalOf: (id) => journals.get(id), onTripped: (id) => tripped.push(id) });
  bus.subscribe((event) => events.push(event));
  for (const part of o.jobs ?? [{}]) {
    const made = job({ status: 'planning', owner: LOCAL_AGENT.id, ...part });
    const known = await store.job(made.id);
    if (known === undefined) await store.createJob(made, undefined);
    const stored = (await store.job(made.id)) ?? made;
    const journal = new JobJournal(
      { job: stored, tasks: await store.tasks(made.id), seq: await store.lastSeq(made.id) },
      store,
      bus,
    );
    journals.set(made.id, journal);
    if (known === undefined)
      await journal.plan(
        [
          { ...task('a'), jobId: made.id },
          { ...task('b'), jobId: made.id },
        ],
        {},
        [],
      );
  }
  const close = async (): Promise<void> => {
    desk.close();
    await store.close();
  };
  onTestFinished(close);

  const call = (command: string, part: Partial<WaitingCall> = {}): WaitingCall => ({
    jobId: JOB_ID,
    taskId: taskId('a'),
    attempt: 1,
    lineage: 1,
    call: { tool: 'Bash', input: { command }, fromSubagent: false },
    cwd: worktree,
    worktree,
    toolUseId: `toolu_${calls++}`,
    sessionId: 'session',
    verdict: verdict(),
    policyHash: 'policy',
    ...part,
  });
  const forever = new AbortController();
  /** Asks, and resolves once a person can see the request. */
  const ask = async (waiting: WaitingCall, signal = forever.signal) => {
    const shown = nextOpen(waiting);
    const ruling = desk.ask(waiting, HOLD_MS, signal);
    // Whoever only looks at the request leaves the ruling.
    ruling.catch(() => undefined);
    return { ruling, approval: await shown };
  };
  /** The event that says that a call is shown to persons. */
  const nextOpen = async ({ jobId, toolUseId }: WaitingCall): Promise<Approval> => {
    const told = Promise.withResolvers<Approval>();
    const unsubscribe = bus.subscribe((event) => {
      if (event.jobId !== jobId || event.happening.type !== 'approval.requested') return;
      const approval = desk.open(jobId).find((open) => open.toolUseId === toolUseId);
      if (approval !== undefined) told.resolve(approval);
    });
    try {
      return await told.promise;
    } finally {
      unsubscribe();
    }
  };
  /** Resolves when the next request is durable. */
  const nextRequest = (): Promise<void> =>
    new Promise((resolve) => {
      const unsubscribe = bus.subscribe(({ happening }) => {
        if (happening.type !== 'approval.requested') return;
        unsubscribe();
        resolve();
      });
    });
  const audit = async () => (await store.audit.read({ limit: 1_000 })).toReversed();

  return {
    folder,
    worktree,
    clock,
    database,
    store,
    bus,
    desk,
    events,
    journals,
    tripped,
    faults,
    call,
    ask,
    nextRequest,
    audit,
    close,
    happenings: () => events.map(({ happening }) => happening),
    stored: async (id: Approval['id']): Promise<Approval | undefined> => store.approval(id),
    auditTypes: async () => (await audit()).map(({ type }) => type),
  };
};

export type OpenDesk = Awaited<ReturnType<typeof openDesk>>;

export const messageOf = (ruling: Ruling): string => (ruling.kind === 'deny' ? ruling.message : ruling.kind);

const loggerInto = (faults: string[]): Logger => {
  const into = (_category: string, message: string, fields?: unknown): void =>
    void faults.push(`${message} ${JSON.stringify(fields)}`);
  const quiet = (): void => undefined;
  return {
    debug: quiet,
    info: quiet,
    warning: into,
    error: into,
    critical: into,
    within: (_ids, work) => work(),
  };
};
