import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Approval, approvalSchema } from '../../../src/domain/approval.ts';
import { ConflictError, InternalError } from '../../../src/domain/errors/index.ts';
import { principalIdSchema } from '../../../src/domain/principal.ts';
import { openDatabase } from '../../../src/infrastructure/store/database.ts';
import { storeOver } from '../../../src/infrastructure/store/store.ts';
import { clockAt, jobOf, temporaryFolder } from './fixtures.ts';

const open = async (path: string) => {
  const store = storeOver(await openDatabase(path), { clock: clockAt(5_000), maxQueuedTasks: 100 });
  onTestFinished(() => store.close());
  return store;
};

const approvalOf = (number: number, part: Partial<Approval> = {}): Approval => ({
  ...approvalSchema.parse({
    id: `apr_${String(number).padStart(16, '0')}`,
    revision: 1,
    jobId: jobOf(1).id,
    taskId: 'a',
    lineage: 1,
    requestedBy: 'local-agent',
    status: 'pending',
    risk: 'HIGH',
    reasons: [{ code: 'delete', risk: 'HIGH', span: 'rm', text: 'it deletes' }],
    call: { tool: 'Bash', input: { command: 'rm x', deep: [{ null: null }] }, cwd: '/w', env: {}, files: [] },
    policyHash: 'p',
    digest: 'a'.repeat(64),
    goal: 'tidy up',
    touches: [],
    asked: 1,
    toolUseId: 'toolu',
    sessionId: 's',
    worktree: '/w',
    approversNeeded: 1,
    decisions: [],
    usesLeft: 0,
    createdAt: 1_000 + number,
    expiresAt: 9_000,
  }),
  ...part,
});

const written = async (approvals: readonly Approval[]) => {
  const store = await open(join(temporaryFolder(), 'state.db'));
  const owners = new Map(approvals.map((each) => [each.jobId, each.requestedBy]));
  await store.createJob(jobOf(1), undefined);
  await store.createJob(jobOf(2, {}, { owner: principalIdSchema.parse('key:ann') }), undefined);
  expect(owners.size).toBeLessThanOrEqual(2);
  for (const to of approvals) await store.commit(to.jobId, [{ kind: 'approval', from: undefined, to }], []);
  return store;
};

test('an approval comes back as it was written, also after a restart', async () => {
  const path = join(temporaryFolder(), 'state.db');
  const store = await open(path);
  await store.createJob(jobOf(1), undefined);
  const to = approvalOf(1, { diff: '--- a\n+++ b\n' });
  await store.commit(to.jobId, [{ kind: 'approval', from: undefined, to }], []);
  expect(await store.approval(to.id)).toEqual(to);
  await store.close();
  expect(await (await open(path)).approval(to.id)).toEqual(to);
});

test('of changes that start from the same revision one stands, the others and all beside them are refused', async () => {
  const from = approvalOf(1);
  const store = await written([from]);
  const change = (status: Approval['status']) =>
    store.commit(
      from.jobId,
      [
        { kind: 'approval', from: 1, to: { ...from, status, revision: 2 } },
        { kind: 'audit', entry: { at: 1, type: 'approval.used', actor: status, detail: {} } },
      ],
      [{ type: 'job.warning', message: status }],
    );
  const outcomes = await Promise.allSettled([change('denied'), change('approved'), change('expired')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  for (const each of outcomes)
    if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ConflictError);
  expect(await store.approval(from.id)).toMatchObject({ status: 'denied', revision: 2 });
  const actors = (await store.audit.read({ limit: 10 })).map(({ actor }) => actor);
  expect(actors.filter((actor) => actor === 'denied' || actor === 'approved' || actor === 'expired')).toEqual(
    ['denied'],
  );
  expect((await store.events(from.jobId, 1, 10)).map(({ happening }) => happening)).toEqual([
    { type: 'job.warning', message: 'denied' },
  ]);
});

test('an id is written once, a change needs one that is there, and of its own job', async () => {
  const one = approvalOf(1);
  const store = await written([one]);
  await expect(
    store.commit(one.jobId, [{ kind: 'approval', from: undefined, to: one }], []),
  ).rejects.toBeInstanceOf(ConflictError);
  await expect(
    store.commit(one.jobId, [{ kind: 'approval', from: 1, to: approvalOf(2) }], []),
  ).rejects.toThrow('no approval');
  await expect(
    store.commit(jobOf(2).id, [{ kind: 'approval', from: 1, to: one }], []),
  ).rejects.toBeInstanceOf(InternalError);
  const broken = { ...approvalOf(3), expiresAt: Number.NaN };
  await expect(
    store.commit(one.jobId, [{ kind: 'approval', from: undefined, to: broken }], []),
  ).rejects.toBeInstanceOf(InternalError);
  expect((await store.approvals({ limit: 10 })).approvals).toHaveLength(1);
});

test('lists come newest first, by job, status and owner, and page without loss where times are equal', async () => {
  const ann = principalIdSchema.parse('key:ann');
  const all = [
    ...Array.from({ length: 7 }, (_, at) => approvalOf(at, { createdAt: 2_000 })),
    approvalOf(7, { status: 'denied' }),
    approvalOf(8, { jobId: jobOf(2).id, requestedBy: ann, createdAt: 3_000 }),
  ];
  const store = await written(all);
  const ids = async (filter: Omit<Parameters<typeof store.approvals>[0], 'limit'>) =>
    (await store.approvals({ limit: 100, ...filter })).approvals.map(({ id }) => Number(id.slice(4)));
  expect(await ids({})).toEqual([8, 6, 5, 4, 3, 2, 1, 0, 7]);
  expect(await ids({ owner: ann })).toEqual([8]);
  expect(await ids({ jobId: jobOf(1).id, statuses: ['denied', 'used'] })).toEqual([7]);
  expect(await ids({ statuses: [] })).toEqual([]);
  const paged: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.approvals({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    paged.push(...page.approvals.map(({ id }) => Number(id.slice(4))));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(paged).toEqual([8, 6, 5, 4, 3, 2, 1, 0, 7]);
});
