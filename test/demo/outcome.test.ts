import { expect, test } from 'vitest';
import { jobAnswerSchema } from '../../demo/answers.ts';
import { placesIn, serverEnvironment } from '../../demo/environment.ts';
import { type Evidence, judge } from '../../demo/outcome.ts';

const RECEIPT = {
  ...{ wall_seconds: 1, worker_seconds: 2, speedup: 2, utilization: 0.9, cost_usd: 0 },
  ...{ repairs: 1, collisions_held_back: 1 },
};
const evidence = (job: Record<string, unknown> = {}, rest: Partial<Evidence> = {}): Evidence => ({
  scripted: true,
  before: { passed: 0, failed: 8, green: false },
  after: { passed: 8, failed: 0, green: true },
  answer: jobAnswerSchema.parse({
    ...{ job_id: 'job_1', status: 'succeeded', receipt: RECEIPT },
    tasks: [{ id: 'a', title: 'a', status: 'done', verification: 'proved' }],
    ...job,
  }),
  mainMoved: false,
  checkoutDirty: false,
  decisions: [{ approvalId: 'apr_1', decision: 'approve' }],
  legacyThere: false,
  ...rest,
});
const broken = (seen: Evidence): string[] =>
  judge(seen)
    .filter(({ kept }) => !kept)
    .map(({ promise }) => promise);

test('where everything came true, nothing is broken', () => {
  expect(broken(evidence())).toEqual([]);
});

test('each thing that did not come true is named', () => {
  const task = { id: 'a', title: 'a', status: 'done', verification: 'proved' };
  const green = { passed: 8, failed: 0, green: true };
  expect(broken(evidence({ status: 'failed' }))).toEqual(['the job succeeded']);
  expect(broken(evidence({ tasks: [{ ...task, status: 'skipped' }] }))).toEqual(['every task is done']);
  expect(broken(evidence({ tasks: [{ ...task, verification: 'none' }] }))).toEqual([
    'every task is verified by its command',
  ]);
  expect(broken(evidence({ tasks: [] }))).toEqual([
    'every task is done',
    'every task is verified by its command',
  ]);
  expect(broken(evidence({}, { before: green }))).toEqual(['the tests were red before']);
  expect(broken(evidence({}, { after: undefined }))).toEqual(['the tests pass on the branch']);
  expect(broken(evidence({}, { mainMoved: true }))).toHaveLength(1);
  expect(broken(evidence({}, { checkoutDirty: true }))).toHaveLength(1);
  expect(broken(evidence({ receipt: undefined }))).toHaveLength(2);
});

test('a deletion without a yes, a yes without one, and a job that asked nobody are told', () => {
  const [approved, denied] = (['approve', 'deny'] as const).map((decision) => [
    { approvalId: 'apr_1', decision },
  ]);
  const promise = ['a tracked file is deleted where a person said yes, and only there'];
  expect(broken(evidence({}, { decisions: denied ?? [], legacyThere: true }))).toEqual([]);
  expect(broken(evidence({}, { decisions: denied ?? [], legacyThere: false }))).toEqual(promise);
  expect(broken(evidence({}, { decisions: approved ?? [], legacyThere: true }))).toEqual(promise);
  expect(broken(evidence({}, { decisions: [], legacyThere: false }))).toEqual(promise);
  // A live model may do without the deletion.
  expect(broken(evidence({}, { scripted: false, decisions: [] }))).toEqual([]);
});

test('a live model need not make the staged mistakes', () => {
  expect(
    broken(evidence({ receipt: { ...RECEIPT, repairs: 0, collisions_held_back: 0 } }, { scripted: false })),
  ).toEqual([]);
});

test('a scripted run sees nothing of the user: no key, no home, no Claude settings', () => {
  const outer = {
    ...{ HOME: '/home/me', PATH: '/bin', ANTHROPIC_API_KEY: 'real', ANTHROPIC_AUTH_TOKEN: 'real' },
    ...{ CLAUDE_CONFIG_DIR: '/home/me/.claude', HTTPS_PROXY: 'http://proxy' },
  };
  const env = serverEnvironment(placesIn('/demo'), 'http://127.0.0.1:1', outer);
  expect(JSON.stringify(env)).not.toMatch(/real|\/home\/me|proxy/);
  expect(env).toMatchObject({ PATH: '/bin', HOME: '/demo/home', ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' });
});

test("a live run has the user's login and the demo's own folders", () => {
  const outer = { HOME: '/home/me', ANTHROPIC_API_KEY: 'real', AWS_SECRET_ACCESS_KEY: 'other' };
  expect(serverEnvironment(placesIn('/demo'), undefined, outer)).toEqual({
    HOME: '/home/me',
    ANTHROPIC_API_KEY: 'real',
    ORCHESTRATOR_STATE_DIR: '/demo/state',
    ORCHESTRATOR_WORKTREES_DIR: '/demo/worktrees',
    ORCHESTRATOR_ALLOWED_ROOTS: '/demo',
  });
});
