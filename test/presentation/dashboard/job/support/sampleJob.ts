/** A job as the REST interface tells of it, made up: what the page shows must not need a live job. */
export type SampleEvent = { readonly seq: number; readonly at: string; readonly type: string } & Readonly<
  Record<string, unknown>
>;
type SampleTask = Record<string, unknown> & {
  readonly id: string;
  readonly title: string;
  status: string;
  readonly depends_on: readonly string[];
};
export type SampleJob = {
  readonly id: string;
  whole: Record<string, unknown> & { tasks: SampleTask[]; status: string; seq: number };
  readonly events: SampleEvent[];
  diff: string;
  readonly logs: Map<string, string>;
  readonly result: Record<string, unknown>;
};

type Recorder = {
  readonly events: SampleEvent[];
  note(atSeconds: number, type: string, fields?: object): void;
};

const recorder = (jobId: string, start: number): Recorder => {
  const raw: { at: number; type: string; fields: object }[] = [];
  const events: SampleEvent[] = [];
  return {
    events,
    note: (atSeconds, type, fields = {}) => {
      raw.push({ at: start + atSeconds * 1000, type, fields });
      const sorted = raw.toSorted((a, b) => a.at - b.at);
      events.splice(
        0,
        events.length,
        ...sorted.map((entry, index) => ({
          job_id: jobId,
          seq: index + 1,
          at: new Date(entry.at).toISOString(),
          type: entry.type,
          ...entry.fields,
        })),
      );
    },
  };
};

const task = (
  id: string,
  title: string,
  status: string,
  dependsOn: readonly string[],
  more: object = {},
): SampleTask => ({
  id,
  title,
  status,
  depends_on: dependsOn,
  ordered_after: [],
  priority: 'normal',
  attempts: status === 'waiting' || status === 'ready' ? 0 : 1,
  seconds: 0,
  cost_usd: 0,
  verification: 'none',
  prompt: `Write ${title.toLowerCase()}.\n\nKeep to the style of the files around it, and add tests that fail when it is broken.`,
  files_changed: [],
  repairs: 0,
  verify: `npm test -- ${id}`,
  ...more,
});

const RATE = {
  code: 'API_RATE_LIMIT',
  message: 'The API answered 429: too many requests for this account.',
  hint: 'Nothing to do: it goes on by itself when the limit lets it.',
  retryable: true,
};
const RED = {
  code: 'TASK_EXECUTION',
  message: 'The verification is red after 2 repairs: 3 of 41 tests fail in csvExport.test.ts.',
  hint: 'task_output shows what it printed. job_steer retry runs it again; another prompt or verify needs a new job.',
  retryable: true,
};

const done = (seconds: number, usd: number, verification: string, files: readonly string[]): object => ({
  seconds,
  cost_usd: usd,
  verification,
  verification_note:
    verification === 'proved' ? 'Red before, green after.' : 'Green before and after (14 tests, 1.2 s).',
  files_changed: files,
  summary: 'Done: written, with tests. I kept the public names as they were.',
  commit: '4f1c2ab9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f',
});

const DIFF = `diff --git a/src/export/csvExport.ts b/src/export/csvExport.ts
index 3b18e51..8f2c1d0 100644
--- a/src/export/csvExport.ts
+++ b/src/export/csvExport.ts
@@ -1,9 +1,14 @@
 import { open } from 'node:fs/promises';
 
 /* A comment that goes on
    over two lines. */
-export const quote = (cell: string): string => '"' + cell + '"';
+const SPECIAL = /[",\\r\\n]/;
+
+/** A cell as RFC 4180 wants it: in quotes only where it must be. */
+export const quote = (cell: string): string =>
+  SPECIAL.test(cell) ? \`"\${cell.replaceAll('"', '""')}"\` : cell;
 
 export const writeCsv = async (path: string, rows: readonly string[][]): Promise<void> => {
   await using file = await open(path, 'w');
+  for (const row of rows) await file.write(\`\${row.map(quote).join(',')}\\n\`);
 };
diff --git a/src/web/banner.html b/src/web/banner.html
new file mode 100644
index 0000000..d670460
--- /dev/null
+++ b/src/web/banner.html
@@ -0,0 +1,3 @@
+<img src=x onerror="window.hurt = true">
+<script>window.hurt = true</script>
+</code></pre><svg onload="window.hurt = true">
diff --git a/docs/old name.md b/docs/new name.md
similarity index 90%
rename from docs/old name.md
rename to docs/new name.md
index 3b18e51..8f2c1d0 100644
--- a/docs/old name.md\t
+++ b/docs/new name.md\t
@@ -1,2 +1,2 @@
 # Export
-Old words.
+New words.
diff --git a/assets/logo.png b/assets/logo.png
index 3b18e51..8f2c1d0 100644
Binary files a/assets/logo.png and b/assets/logo.png differ
`;

const LOG = Array.from(
  { length: 80 },
  (_, line) =>
    `\u001b[2m12:0${Math.floor(line / 60)}:${String(line % 60).padStart(2, '0')}\u001b[0m ${
      line % 9 === 4
        ? '\u001b[32m✓\u001b[0m quotes a cell with a comma (2 ms)'
        : line % 9 === 7
          ? '[Edit] src/export/csvExport.ts'
          : 'Reading the files around it to keep to their style.'
    }\n`,
).join('');

const statistics = (tasks: readonly SampleTask[]): object => {
  const many = (status: string): number => tasks.filter((one) => one.status === status).length;
  return {
    total: tasks.length,
    done: many('done'),
    failed: many('failed'),
    skipped: many('skipped'),
    cancelled: many('cancelled'),
    attempts: tasks.reduce((sum, one) => sum + Number(one.attempts), 0),
    verified: many('done'),
  };
};

const wholeOf = (
  id: string,
  status: string,
  start: number,
  tasks: SampleTask[],
  seq: number,
  more: object,
) => {
  const finished = tasks.filter((one) => one.status === 'done').length;
  return {
    job_id: id,
    status,
    progress: { done: finished, total: tasks.length, percent: Math.floor((100 * finished) / tasks.length) },
    tasks,
    cost_usd: tasks.reduce((sum, one) => sum + Number(one.cost_usd), 0.031),
    verification: 'none',
    files_changed: [],
    statistics: statistics(tasks),
    warnings: [],
    created_at: new Date(start).toISOString(),
    next: 'job_wait',
    request:
      'Give the reporting tool an export: CSV, JSON and XLSX, each with streaming for large tables, progress in the terminal, and documentation. The public names stay as they are.\n\nEvery format has its own module and its own tests; the command line gets one flag for the format and one for the columns.',
    workspace: '/home/ada/projects/reports',
    priority: 'normal',
    seq,
    ...more,
  };
};

/** Twelve tasks with everything that happens: repairs, retries, a rate limit, a collision, a failure. */
export const twelveTasks = (now: number, ended: boolean): SampleJob => {
  const id = ended ? 'job_0000000ended' : 'job_0123456789ab';
  const start = now - 640_000;
  const { events, note } = recorder(id, start);
  const started = (at: number, taskId: string, attempt: number, lane: number): void =>
    note(at, 'task.started', { task_id: taskId, attempt, lane, pid: 4000 + at, session_id: 's' });
  const phase = (at: number, type: string, taskId: string, attempt: number, more: object = {}): void =>
    note(at, type, { task_id: taskId, attempt, ...more });
  note(0, 'job.submitted', { request: 'Give the reporting tool an export' });
  note(14, 'job.planned', { tasks: 12, source: 'planner', workers: 4 });
  note(14, 'job.status', { from: 'planning', to: 'running' });
  for (const ready of ['schema', 'fixtures', 'cli-flags', 'docs-outline'])
    note(14.1, 'task.ready', { task_id: ready });
  started(17, 'schema', 1, 0);
  started(18, 'fixtures', 1, 1);
  started(18.5, 'cli-flags', 1, 2);
  started(19, 'docs-outline', 1, 3);
  note(52, 'baseline.finished', { command: 'npm test -- schema', green: false, seconds: 34 });
  phase(60, 'task.verifying', 'docs-outline', 1, { cost_usd: 0.04 });
  phase(64, 'task.done', 'docs-outline', 1, { verification: 'none', files_changed: 1 });
  phase(88, 'task.verifying', 'schema', 1, { cost_usd: 0.11 });
  phase(97, 'task.done', 'schema', 1, { verification: 'proved', files_changed: 3 });
  phase(70, 'task.verifying', 'fixtures', 1);
  phase(74, 'task.done', 'fixtures', 1, { verification: 'held', files_changed: 4 });
  phase(71, 'task.retrying', 'cli-flags', 1, { error: RATE, delay_ms: 30_000 });
  for (const ready of ['csv', 'json', 'xlsx', 'progress']) note(97.2, 'task.ready', { task_id: ready });
  started(99, 'csv', 1, 0);
  started(99.5, 'json', 1, 1);
  started(100, 'xlsx', 1, 3);
  started(102, 'cli-flags', 2, 2);
  phase(150, 'task.verifying', 'cli-flags', 2);
  phase(158, 'task.done', 'cli-flags', 2, { verification: 'passed', files_changed: 2 });
  started(160, 'progress', 1, 2);
  phase(180, 'task.verifying', 'csv', 1);
  phase(190, 'task.repairing', 'csv', 1, { round: 1, note: '5 of 41 tests fail in csvExport.test.ts.' });
  phase(236, 'task.verifying', 'csv', 1);
  phase(244, 'task.repairing', 'csv', 1, { round: 2, note: '3 of 41 tests fail in csvExport.test.ts.' });
  phase(280, 'task.verifying', 'csv', 1);
  phase(288, 'task.failed', 'csv', 1, { error: RED });
  phase(210, 'task.held', 'json', 1, {
    behind: 'xlsx',
    reason: 'Both write src/export/index.ts.',
    live: true,
  });
  phase(260, 'task.verifying', 'xlsx', 1);
  phase(276, 'task.repairing', 'xlsx', 1, { round: 1, note: 'The build is red: a type is missing.' });
  phase(330, 'task.verifying', 'xlsx', 1);
  phase(342, 'task.done', 'xlsx', 1, { verification: 'proved', files_changed: 5 });
  note(342.2, 'task.ready', { task_id: 'json' });
  started(344, 'json', 2, 1);
  phase(300, 'task.verifying', 'progress', 1);
  phase(309, 'task.done', 'progress', 1, { verification: 'held', files_changed: 2 });
  note(310, 'tool.judged', {
    task_id: 'json',
    attempt: 2,
    tool: 'Bash',
    risk: 'high',
    allowed: false,
    reason: 'rm',
  });
  phase(420, 'task.verifying', 'json', 2);
  phase(431, 'task.done', 'json', 2, { verification: 'proved', files_changed: 3 });
  note(431.2, 'task.ready', { task_id: 'streaming' });
  started(433, 'streaming', 1, 1);
  note(440, 'task.message', {
    task_id: 'streaming',
    message: 'Use the stream of the schema module, please.',
  });
  const tasks = [
    task(
      'schema',
      'The shape of an export',
      'done',
      [],
      done(80, 0.1102, 'proved', ['src/export/schema.ts']),
    ),
    task(
      'fixtures',
      'Tables to test with',
      'done',
      [],
      done(56, 0.0702, 'held', ['test/fixtures/large.csv']),
    ),
    task('cli-flags', 'Flags of the command line', 'done', [], {
      ...done(110, 0.19, 'passed', ['src/cli.ts']),
      attempts: 2,
    }),
    task(
      'docs-outline',
      'Outline of the documentation',
      'done',
      [],
      done(45, 0.04, 'none', ['docs/export.md']),
    ),
    task('csv', 'CSV by RFC 4180', 'failed', ['schema', 'fixtures'], {
      seconds: 189,
      cost_usd: 0.41,
      verification: 'failed',
      verification_note: '3 of 41 tests fail in csvExport.test.ts.',
      repairs: 2,
      error: RED,
      kept_worktree: '/home/ada/.local/state/orchestrator/kept/job_0123456789ab/csv',
    }),
    task('json', 'JSON, one object a line', 'done', ['schema', 'fixtures'], {
      ...done(197, 0.28, 'proved', ['src/export/json.ts']),
      ordered_after: ['xlsx'],
      attempts: 2,
    }),
    task('xlsx', 'XLSX with typed cells and a header row', 'done', ['schema', 'fixtures'], {
      ...done(242, 0.52, 'proved', ['src/export/xlsx.ts', 'src/export/index.ts']),
      repairs: 1,
    }),
    task(
      'progress',
      'Progress in the terminal',
      'done',
      ['cli-flags'],
      done(149, 0.17, 'held', ['src/progress.ts']),
    ),
    task('streaming', 'Streaming of large tables', ended ? 'done' : 'running', ['json', 'xlsx'], {
      writes: ['src/export/**'],
      ...(ended ? done(96, 0.22, 'proved', ['src/export/stream.ts']) : {}),
    }),
    task('columns', 'Choice of columns', ended ? 'done' : 'verifying', ['cli-flags', 'schema'], {
      ...(ended ? done(140, 0.2, 'held', ['src/columns.ts']) : {}),
    }),
    task(
      'docs',
      'Documentation with examples for each of the formats',
      ended ? 'skipped' : 'waiting',
      ['docs-outline', 'csv', 'json', 'xlsx'],
      ended ? { reason: 'Task "csv" failed, and this one depends on it.' } : {},
    ),
    task(
      'release-notes',
      'Release notes',
      ended ? 'skipped' : 'ready',
      ['docs'],
      ended ? { reason: 'Task "docs" was skipped.' } : {},
    ),
  ];
  note(350, 'task.ready', { task_id: 'columns' });
  started(352, 'columns', 1, 0);
  if (ended) {
    phase(480, 'task.verifying', 'columns', 1);
    phase(492, 'task.done', 'columns', 1, { verification: 'held', files_changed: 1 });
    phase(520, 'task.verifying', 'streaming', 1);
    phase(529, 'task.done', 'streaming', 1, { verification: 'proved', files_changed: 1 });
    note(529.1, 'task.skipped', { task_id: 'docs', reason: 'csv failed' });
    note(529.2, 'task.skipped', { task_id: 'release-notes', reason: 'docs was skipped' });
    note(529.5, 'job.status', { from: 'running', to: 'integrating' });
    note(531, 'integration.merged', { task_id: 'schema', commit: 'a' });
    note(533, 'conflict.found', { task_id: 'xlsx', files: ['src/export/index.ts'] });
    note(561, 'conflict.resolved', { task_id: 'xlsx', commit: 'b' });
    note(563, 'integration.merged', { task_id: 'streaming', commit: 'c' });
    note(604, 'job.verified', { verification: 'passed', note: '312 tests, all green.' });
    note(606, 'job.status', { from: 'integrating', to: 'failed' });
  } else {
    phase(600, 'task.verifying', 'columns', 1);
  }
  const files = [
    'src/export/schema.ts',
    'src/export/xlsx.ts',
    'src/export/json.ts',
    'src/cli.ts',
    'docs/export.md',
  ];
  const whole = wholeOf(id, ended ? 'failed' : 'running', start, tasks, events.length, {
    files_changed: files,
    branch: `orchestrator/${id}`,
    attention: ended
      ? undefined
      : {
          reason: 'The workspace has uncommitted changes in src/cli.ts; the result will wait on its branch.',
          refs: [`refs/heads/orchestrator/${id}`],
        },
    warnings: [
      'One tool call of a worker was refused by the gate; task_output of the task says which and why.',
    ],
    ...(ended
      ? {
          ended_at: new Date(start + 606_000).toISOString(),
          verification: 'passed',
          verification_note: '312 tests, all green.',
          commit: 'c0ffee',
          error: {
            code: 'TASK_EXECUTION',
            message: '3 of 12 tasks were not done: csv failed, docs skipped, release-notes skipped.',
            hint: 'job_result tells why each failed; job_steer retry runs them again.',
            retryable: false,
          },
        }
      : {}),
  });
  return {
    id,
    whole,
    events,
    diff: DIFF,
    logs: new Map(tasks.map((one) => [one.id, LOG])),
    result: {
      ...whole,
      output: tasks.map((one) => `## ${one.title}\nDone: written, with tests.`).join('\n\n'),
      diff_stat:
        ' src/export/xlsx.ts | 210 +++++++++\n src/cli.ts         |  44 ++-\n 2 files changed, 240 insertions(+), 14 deletions(-)',
      failures: [],
      receipt: {
        wall_seconds: 606,
        worker_seconds: 1304,
        speedup: 2.152,
        utilization: 0.538,
        lanes: 4,
        critical_path_seconds: 534,
        cost_usd: 2.24,
        tokens: { input: 41_200, output: 88_000, cache_read: 2_100_000, cache_write: 180_000 },
        conflicts: 1,
        collisions_held_back: 1,
        verification_catches: 3,
        repairs: 3,
        retries: 1,
        refusals: 1,
        estimate: { critical_path_seconds: 560, cost_usd: 1.9 },
      },
    },
  };
};

/** `count` tasks in layers, each after up to two tasks of the layer before; most are done, some run. */
export const manyTasks = (now: number, count: number): SampleJob => {
  const id = 'job_2200000000ff';
  const perLayer = 20;
  const start = now - count * 6000;
  const { note: _, ...plain } = recorder(id, start);
  const events: SampleEvent[] = plain.events;
  let seq = 0;
  const note = (at: number, type: string, fields: object = {}): void => {
    seq += 1;
    events.push({ job_id: id, seq, at: new Date(start + at * 1000).toISOString(), type, ...fields });
  };
  note(0, 'job.submitted', { request: 'many' });
  note(2, 'job.planned', { tasks: count, source: 'caller', workers: 10 });
  const tasks: SampleTask[] = [];
  const timed: { at: number; type: string; fields: object }[] = [];
  for (let index = 0; index < count; index += 1) {
    const layer = Math.floor(index / perLayer);
    const before = (shift: number): string =>
      `task-${(layer - 1) * perLayer + ((index * 7 + shift) % perLayer)}`;
    const dependsOn = layer === 0 ? [] : [...new Set(index % 3 === 0 ? [before(0)] : [before(1), before(5)])];
    const lane = index % 10;
    const at = 3 + Math.floor(index / 10) * 50 + (index % 7);
    const open = index > count - 30;
    const status = open
      ? index > count - 20
        ? 'waiting'
        : 'running'
      : index % 41 === 40
        ? 'failed'
        : 'done';
    const more = open ? {} : done(38 + (index % 9), 0.04, 'held', [`src/part${index}.ts`]);
    tasks.push(task(`task-${index}`, `Move part ${index} to the new interface`, status, dependsOn, more));
    if (status === 'waiting') continue;
    const fields = { task_id: `task-${index}`, attempt: 1, lane };
    timed.push({ at, type: 'task.started', fields });
    if (open) continue;
    timed.push({ at: at + 34, type: 'task.verifying', fields });
    timed.push({
      at: at + 38 + (index % 5),
      type: status === 'failed' ? 'task.failed' : 'task.done',
      fields:
        status === 'failed'
          ? { ...fields, error: RED }
          : { ...fields, verification: 'held', files_changed: 1 },
    });
  }
  for (const entry of timed.toSorted((a, b) => a.at - b.at)) note(entry.at, entry.type, entry.fields);
  return {
    id,
    whole: wholeOf(id, 'running', start, tasks, seq, {}),
    events,
    diff: '',
    logs: new Map(),
    result: {},
  };
};

/** The running job, one of whose tasks waits for a person and has given its worker back. */
export const parkedTask = (now: number): SampleJob => {
  const base = twelveTasks(now, false);
  const id = 'job_0000000parked';
  const waits = { job_id: id, task_id: 'streaming', attempt: 1, approval_id: 'apr_0000000000000000' };
  const seq = base.events.length;
  const events: SampleEvent[] = [
    ...base.events,
    {
      ...waits,
      seq: seq + 1,
      at: new Date(now - 160_000).toISOString(),
      type: 'approval.requested',
      tool: 'Bash',
      risk: 'HIGH',
      reason: 'It deletes files that git tracks.',
      again: false,
    },
    { ...waits, seq: seq + 2, at: new Date(now - 40_000).toISOString(), type: 'task.parked' },
  ];
  const tasks = base.whole.tasks.map((one) => (one.id === 'streaming' ? { ...one, status: 'parked' } : one));
  return { ...base, id, events, whole: { ...base.whole, job_id: id, seq: seq + 2, tasks } };
};
