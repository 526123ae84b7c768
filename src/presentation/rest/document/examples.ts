const JOB_ID = 'job_0123456789abcdef';
const AT = '2026-01-02T03:04:05.000Z';
const auditEntry = {
  seq: 42,
  at: AT,
  type: 'key.created',
  actor: 'person',
  detail: { key_id: '0123456789abcdef', role: 'agent' },
  hash: 'c2'.repeat(32),
};

const progress = { done: 1, total: 2, percent: 50 };
const statistics = { total: 2, done: 1, failed: 0, skipped: 0, cancelled: 0, attempts: 2, verified: 1 };

const task = {
  id: 'parser',
  title: 'Write the parser',
  status: 'done',
  attempts: 1,
  seconds: 84.2,
  cost_usd: 0.21,
  verification: 'passed',
  summary: 'The parser reads all fixtures.',
};

const job = {
  job_id: JOB_ID,
  status: 'running',
  progress,
  tasks: [task],
  cost_usd: 0.34,
  verification: 'none',
  files_changed: ['src/parser.ts'],
  statistics,
  warnings: [],
  created_at: AT,
  next: `Call job_wait with job_id "${JOB_ID}" until the job has ended.`,
};

const detailedTask = {
  ...task,
  prompt: 'Write src/parser.ts so that the tests in test/parser.test.ts pass.',
  depends_on: [],
  ordered_after: [],
  verify: 'npm test',
  priority: 'normal',
  repairs: 0,
  files_changed: ['src/parser.ts'],
};
const wholeJob = {
  ...job,
  tasks: [detailedTask],
  request: 'Write a parser and its tests.',
  workspace: '/home/me/project',
  priority: 'normal',
  isolation: 'worktree',
  apply: 'branch',
  seq: 7,
};

const row = {
  job_id: JOB_ID,
  status: 'running',
  request: 'Write a parser and its tests.',
  workspace: '/home/me/project',
  progress,
  cost_usd: 0.34,
  created_at: AT,
};

const taskInput = { id: 'parser', prompt: 'Write src/parser.ts.', verify: 'npm test' };
const submit = {
  request: 'Write a parser and its tests.',
  workspace: '/home/me/project',
  tasks: [taskInput],
  budget_usd: 5,
};

const error = {
  code: 'TASK_EXECUTION',
  message: 'The verification stayed red.',
  hint: 'Read the log of the task, mend the cause, then retry it.',
  retryable: false,
};
const problem = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  detail: `There is no job ${JOB_ID}.`,
  code: 'JOB_NOT_FOUND',
  hint: 'job_list shows the jobs that you can see.',
  retryable: false,
  request_id: '0197d3f0',
};

const event = { type: 'task.done', task_id: 'parser', job_id: JOB_ID, seq: 7, at: AT };
const plannedTask = { id: 'parser', title: 'Write the parser', prompt: 'Write it.', depends_on: [] };
const worker = {
  job_id: JOB_ID,
  task_id: 'parser',
  title: 'Write the parser',
  attempt: 1,
  lane: 0,
  pid: 4711,
  status: 'running',
  since: AT,
};
const piece = { offset: 0, text: 'Reading the tests.\n', size: 19 };
const key = { id: 'k_1', label: 'CI', role: 'agent', prefix: 'co_abcd', created_at: AT };
const approvalRow = {
  approval_id: 'apr_0123456789abcdef',
  job_id: JOB_ID,
  task_id: 'parser',
  status: 'pending',
  risk: 'HIGH',
  tool: 'Bash',
  command: 'rm -rf fixtures/old',
  cwd: '/home/me/.orchestrator/worktrees/parser',
  reasons: [{ code: 'delete', risk: 'HIGH', span: 'rm -rf fixtures/old', text: 'It deletes tracked files.' }],
  digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  requested_by: 'local-agent',
  expires_at: AT,
  asked: 1,
  created_at: AT,
};
const url = 'http://127.0.0.1:7777/approvals/apr_0123456789abcdef';
const waiting = {
  open: 1,
  first: {
    approval_id: 'apr_0123456789abcdef',
    task_id: 'parser',
    risk: 'HIGH',
    tool: 'Bash',
    command: 'rm -rf fixtures/old',
    reason: 'It deletes tracked files.',
  },
  url,
};
const decided = {
  approval_id: 'apr_0123456789abcdef',
  status: 'approved',
  decided_by: 'person',
  channel: 'passphrase',
  next: `The call runs as it was approved; call job_wait with job_id "${JOB_ID}".`,
};
const accepted = { index: 0, status: 202, job };
const refused = { index: 1, status: 404, error: problem };

/** Examples of the components, by name; a test holds each against its schema. */
export const EXAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  OrchestrateInput: [submit],
  SubmitInput: [submit],
  TaskInput: [taskInput],
  AnalyzeInput: [{ request: submit.request, workspace: submit.workspace }],
  BatchInput: [{ requests: [submit] }],
  CancelInput: [{ reason: 'Not needed any more.' }],
  SteerInput: [{ action: 'message', task_id: 'parser', message: 'Keep the old API too.' }],
  DecisionInput: [{ decision: 'deny', reason: 'These fixtures are still used.' }],
  ElicitedInput: [{ decision: 'deny', reason: 'Not these.' }],
  CreateKeyInput: [{ label: 'CI', role: 'agent', expires_in_days: 90 }],
  RotateKeyInput: [{ overlap_seconds: 3600 }],
  JobAnswer: [job],
  WholeJobAnswer: [wholeJob],
  AnyJobAnswer: [job],
  TaskAnswer: [task],
  DetailedTaskAnswer: [detailedTask],
  Progress: [progress],
  Statistics: [statistics],
  JobRow: [row],
  JobListAnswer: [{ jobs: [row] }],
  ResultAnswer: [
    {
      ...job,
      output: '## Write the parser\nThe parser reads all fixtures.',
      diff_stat: ' src/parser.ts | 80 +',
      failures: [],
    },
  ],
  EventAnswer: [event],
  EventsAnswer: [{ job_id: JOB_ID, events: [event] }],
  FollowedEvent: [event],
  WaitProgress: [{ done: 1, total: 2, ended: false, message: 'parser done (passed)' }],
  TaskOutputAnswer: [{ job_id: JOB_ID, task_id: 'parser', ...piece }],
  LogPiece: [piece],
  AnalysisAnswer: [
    {
      complexity: 'MODERATE',
      splittable: true,
      suggested_workers: 2,
      priority: 'normal',
      reasons: ['Two pieces of work that do not touch.'],
      preview: [plannedTask],
      estimate: {
        tasks: 2,
        workers: 2,
        critical_path_seconds: 90,
        serial_seconds: 170,
        parallel_worth_it: true,
        cost_usd: 0.5,
      },
      verdict: 'Worth it: 90 s against 170 s.',
      cached: false,
      next: 'Call orchestrate with the same request and workspace.',
    },
  ],
  PlannedTask: [plannedTask],
  BatchAnswer: [{ answers: [accepted, refused] }],
  BatchItem: [accepted, refused],
  ApprovalRow: [approvalRow],
  ApprovalReason: [approvalRow.reasons[0]],
  ApprovalListAnswer: [
    { approvals: [approvalRow], next: `You cannot approve this yourself: show the user the request. ${url}` },
  ],
  ApprovalAnswer: [
    {
      ...approvalRow,
      goal: 'Write src/parser.ts so that the tests in test/parser.test.ts pass.',
      env: {},
      touches: [{ path: 'fixtures/old', access: 'delete', exists: true, files: 12, git: 'clean' }],
      files: [{ path: 'fixtures/old', real_path: '/home/me/project/fixtures/old', sha256: null }],
      policy_hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      approvers_needed: 1,
      uses_left: 0,
      decisions: [],
      url,
      elicitation: 'deny_only',
      next: `You cannot approve this yourself: show the user the request. ${url}`,
    },
  ],
  Waiting: [waiting],
  DecisionAnswer: [decided],
  CodeAnswer: [{ code: 'K7QM-2XVN', expires_at: AT }],
  CeremonyAnswer: [{ flow: 'f_1', options: { challenge: 'p4n0…', userVerification: 'required' } }],
  AuditEntryAnswer: [auditEntry],
  AuditAnswer: [{ entries: [auditEntry], next_before: 42 }],
  WorkerRow: [worker],
  WorkersAnswer: [{ limit: 8, live: 2, busy: 1, workers: [worker] }],
  SystemAnswer: [
    {
      status: 'ok',
      problems: [],
      version: '0.1.0',
      uptime_seconds: 3600,
      workers: { limit: 8, live: 2, busy: 1 },
      queue: { open_tasks: 1, limit: 10000, jobs_running: 1 },
      memory: { server_bytes: 120_000_000, available_bytes: 8_000_000_000 },
      claude: { path: '/usr/local/bin/claude', version: '2.1.0', credentials: true },
      approvals: { open: 1, person_is_set: true },
      node: 'v24.0.0',
      spend_today_usd: 1.25,
    },
  ],
  ErrorAnswer: [error],
  Problem: [problem],
  KeyRow: [key],
  KeyListAnswer: [{ keys: [key] }],
  NewKey: [{ ...key, key: 'co_abcd…' }],
  SessionAnswer: [
    {
      principal: 'person',
      roles: ['approver', 'admin'],
      via: 'passphrase',
      expires_at: AT,
      person: { passphrase_set: true, passkeys: 1 },
    },
  ],
  LinkAnswer: [{ url: 'http://127.0.0.1:7777/api/v1/auth/link/…' }],
};
