import { describe, expect, test } from 'vitest';
import type { DoctorCheck, Explanation } from '../../../src/application/diagnosis.ts';
import { ConfigurationError, ERROR_CODES, MissingDependencyError } from '../../../src/domain/errors/index.ts';
import type { KeptWorktree } from '../../../src/presentation/cli/deps.ts';
import type { ProgramDeps } from '../../../src/presentation/cli/program.ts';
import { runCli } from '../../../src/presentation/cli/run.ts';
import { createHarness } from './support/harness.ts';

const WELL: Explanation = {
  rows: [
    { name: 'ORCHESTRATOR_MAX_WORKERS', value: 8, source: 'default', overrides: [], note: 'auto' },
    { name: 'LOG_LEVEL', value: 'DEBUG', source: 'environment', overrides: ['flag'] },
    { name: 'ORCHESTRATOR_WORKER_ENV', value: [], source: 'default', overrides: [] },
    { name: 'ORCHESTRATOR_CLAUDE_PATH', value: null, source: 'default', overrides: [] },
  ],
  warnings: ['A flag lost.'],
  problems: [],
};
const CHECKS: readonly DoctorCheck[] = [
  { name: 'git', status: 'ok', detail: 'git version 2.40.0' },
  { name: 'credentials', status: 'warn', detail: 'none', mend: 'Log in.' },
];
const KEPT: readonly KeptWorktree[] = [
  { path: '/trees/a', repository: '/repo', jobId: 'job_a', waits: false },
  { path: '/trees/b', repository: '/repo', jobId: 'job_b', waits: false },
];

const cli = async (argv: readonly string[], over: Partial<ProgramDeps> = {}) => {
  let stdout = '';
  let stderr = '';
  const calls: unknown[] = [];
  const removed: string[] = [];
  const faults: unknown[] = [];
  const deps: ProgramDeps = {
    ...createHarness().deps,
    version: '1.2.3',
    settings: [
      { key: 'maxWorkers', flag: '--max-workers', form: 'auto or 1-100', description: 'Workers.' },
      { key: 'logLevel', flag: '--log-level', form: 'DEBUG, INFO', description: 'Level.' },
    ],
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    color: { stdout: false, stderr: false },
    confirm: undefined,
    onFault: (thrown) => {
      faults.push(thrown);
    },
    mcp: async (options) => {
      calls.push(options);
    },
    explain: (flags) => {
      calls.push(flags);
      return WELL;
    },
    doctor: async () => CHECKS,
    clean: {
      kept: async () => KEPT,
      remove: async ({ path }) => {
        removed.push(path);
      },
    },
    ...over,
  };
  const exitCode = await runCli(argv, deps);
  return { exitCode, stdout, stderr, calls, removed, faults };
};

describe('mcp', () => {
  test('writes nothing to stdout itself, and hands over its mode and the flags that were given', async () => {
    const { exitCode, stdout, stderr, calls } = await cli(['mcp', '--in-process', '--max-workers', '3']);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(calls).toEqual([{ inProcess: true, flags: { maxWorkers: '3' } }]);
  });

  test('keeps stdout empty when it fails, and exits by the code of the error', async () => {
    const mcp = async () => {
      throw new MissingDependencyError('No claude CLI was found.', { hint: 'Install it.' });
    };
    const { exitCode, stdout, stderr } = await cli(['mcp'], { mcp });
    expect(exitCode).toBe(ERROR_CODES.DEPENDENCY_MISSING.exit);
    expect(stdout).toBe('');
    expect(stderr).toBe('error: No claude CLI was found.\nhint:  Install it.\ncode:  DEPENDENCY_MISSING\n');
  });
});

describe('errors', () => {
  const failing = (thrown: unknown) => ({
    doctor: async () => {
      throw thrown;
    },
  });

  test('are one JSON object on stderr with --json', async () => {
    const error = new ConfigurationError('2 settings are wrong:\n  - a\n  - b', { hint: 'Correct them.' });
    const { exitCode, stdout, stderr, faults } = await cli(['doctor', '--json'], failing(error));
    expect(exitCode).toBe(78);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toEqual({ error: error.toRecord() });
    expect(faults).toEqual([]);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('that are not ours show neither their message nor a stack, but reach the log', async () => {
    const fault = new TypeError('secret inside');
    const { exitCode, stderr, faults } = await cli(['doctor'], failing(fault));
    expect(faults).toEqual([fault]);
    expect(exitCode).toBe(ERROR_CODES.INTERNAL.exit);
    expect(stderr).toContain('code:  INTERNAL');
    expect(stderr).not.toMatch(/secret|\n\s+at /);
  });

  test('cannot steer the terminal', async () => {
    const { stderr } = await cli(
      ['doctor'],
      failing(new ConfigurationError('a\u001b[2Jb\u009b\u202e', { hint: 'h\rx' })),
    );
    expect(stderr).toContain('a\\u001b[2Jb\\u009b\\u202e');
    expect(stderr).toContain('h\\u000dx');
  });

  test.each([
    [['--nonsense']],
    [['nonsense']],
    [['mcp', '--jsn']],
    [['mcp', 'extra']],
    [['doctor', '--max-workers']],
    [['config', 'nonsense']],
  ])('a wrong command line is one of them: %j', async (argv) => {
    const { exitCode, stdout, stderr, calls } = await cli(argv);
    expect(exitCode).toBe(ERROR_CODES.CONFIGURATION_INVALID.exit);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: \S.*\n(.*\n)*hint: {2}.*--help.*\ncode: {2}CONFIGURATION_INVALID\n$/);
    expect(calls).toEqual([]);
  });
});

describe('help and version', () => {
  test('--version prints the version alone', async () => {
    expect(await cli(['--version'])).toMatchObject({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });
  test('--help names every command, and each command its settings', async () => {
    const { exitCode, stdout } = await cli(['--help']);
    expect(exitCode).toBe(0);
    for (const command of ['mcp', 'config', 'doctor', 'clean'])
      expect(stdout).toMatch(new RegExp(`^ +${command}\\b`, 'm'));
    const mcp = await cli(['mcp', '--help']);
    expect(mcp.stdout).toMatch(/--in-process/);
    expect(mcp.stdout).toMatch(
      /Settings[^\n]*stronger\):\n +--max-workers <value> +Workers\. \(auto or 1-100\)/,
    );
  });
  test('without a command the help goes to stderr and the exit code says so', async () => {
    const { exitCode, stdout, stderr } = await cli([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' });
    expect(stderr).toContain('Usage: claude-orchestrator');
  });
});

describe('config explain', () => {
  test('shows each value with its source, what it beat, and the warnings', async () => {
    const { exitCode, stdout, calls } = await cli(['config', 'explain', '--log-level', 'INFO']);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([{ logLevel: 'INFO' }]);
    expect(stdout.split('\n')).toEqual([
      'SETTING                   SOURCE                   VALUE',
      'ORCHESTRATOR_MAX_WORKERS  default                  8 (auto)',
      'LOG_LEVEL                 environment (over flag)  DEBUG',
      'ORCHESTRATOR_WORKER_ENV   default                  none',
      'ORCHESTRATOR_CLAUDE_PATH  default                  -',
      '',
      'warning: A flag lost.',
      '',
    ]);
  });

  test('shows the settings also where they are wrong, with the problems on stderr and exit code 78', async () => {
    const explain = () => ({ ...WELL, problems: ['LOG_LEVEL (flag) is odd'] });
    const text = await cli(['config', 'explain'], { explain });
    expect(text).toMatchObject({ exitCode: 78, stderr: 'problem: LOG_LEVEL (flag) is odd\n' });
    expect(text.stdout).toContain('ORCHESTRATOR_MAX_WORKERS');
    const json = await cli(['config', 'explain', '--json'], { explain });
    expect(json).toMatchObject({ exitCode: 78, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({
      settings: WELL.rows,
      warnings: WELL.warnings,
      problems: ['LOG_LEVEL (flag) is odd'],
    });
  });
});

describe('doctor', () => {
  const failed: readonly DoctorCheck[] = [
    { name: 'git', status: 'fail', detail: 'not found', mend: 'Install git.' },
  ];

  test('a warning is no failure, and says how to mend it', async () => {
    const { exitCode, stdout } = await cli(['doctor']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      '✓ git          git version 2.40.0\n! credentials  none [warn]\n               → Log in.\n\nIt will run; 1 of 2 checks want a look.\n',
    );
  });

  test('a failed check makes the exit code', async () => {
    const doctor = async () => failed;
    const { exitCode, stdout } = await cli(['doctor'], { doctor });
    expect(exitCode).toBe(69);
    expect(stdout).toMatch(/✗ git {2}not found \[fail\]\n +→ Install git\.\n\n1 of 1 checks failed/);
    const json = await cli(['doctor', '--json'], { doctor });
    expect(json.exitCode).toBe(69);
    expect(JSON.parse(json.stdout)).toEqual({ ok: false, checks: failed });
  });

  test('is coloured only where colour is on', async () => {
    expect((await cli(['doctor'])).stdout).not.toContain('\u001b');
    expect((await cli(['doctor'], { color: { stdout: true, stderr: false } })).stdout).toContain(
      '\u001b[32m✓',
    );
  });
});

describe('clean', () => {
  test('removes nothing without a yes: nobody to ask, a no, or JSON without --yes', async () => {
    const nobody = await cli(['clean']);
    const no = await cli(['clean'], { confirm: async () => false });
    const json = await cli(['clean', '--json'], { confirm: async () => true });
    for (const { removed, exitCode } of [nobody, no, json])
      expect({ removed, exitCode }).toEqual({ removed: [], exitCode: 0 });
    expect(nobody.stdout).toContain('/trees/a');
    expect(nobody.stderr).toContain('--yes');
    expect(JSON.parse(json.stdout)).toMatchObject({
      worktrees: [{ path: '/trees/a', job_id: 'job_a' }, {}],
      removed: [],
    });
  });

  test('removes all after a yes of either kind', async () => {
    const asked: string[] = [];
    const confirm = async (question: string) => asked.push(question) > 0;
    expect((await cli(['clean'], { confirm })).removed).toEqual(['/trees/a', '/trees/b']);
    expect(asked).toEqual([expect.stringContaining('uncommitted')]);
    const yes = await cli(['clean', '--yes', '--json'], { confirm });
    expect(asked).toHaveLength(1);
    expect(JSON.parse(yes.stdout)).toMatchObject({
      removed: [{ path: '/trees/a' }, { path: '/trees/b' }],
      failed: [],
    });
  });

  test('goes on after one that cannot be removed, and tells it', async () => {
    const removed: string[] = [];
    const clean = {
      kept: async () => KEPT,
      remove: async ({ path }: KeptWorktree) => {
        if (path === '/trees/a') throw new Error('busy');
        removed.push(path);
      },
    };
    const { exitCode, stderr, stdout } = await cli(['clean', '--yes'], { clean });
    expect(removed).toEqual(['/trees/b']);
    expect(exitCode).toBe(ERROR_CODES.FILE_SYSTEM.exit);
    expect(stdout).toContain('Removed 1 of 2');
    expect(stderr).toMatch(/^error: \/trees\/a: /);
  });

  test('never removes one in which a task goes on after a decision, and says why', async () => {
    const removed: string[] = [];
    const parked = { path: '/trees/parked', repository: '/repo', jobId: 'job_a', waits: true };
    const clean = {
      kept: async () => [parked, ...KEPT],
      remove: async ({ path }: KeptWorktree) => void removed.push(path),
    };
    const { exitCode, stdout } = await cli(['clean', '--yes'], { clean });
    expect(removed).toEqual(['/trees/a', '/trees/b']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\/trees\/parked +waits for a decision\n/);
    expect(stdout).toContain('Removed 2 of 2');
    expect(stdout).toContain('Left 1 ');
    const json = await cli(['clean', '--yes', '--json'], { clean });
    expect(JSON.parse(json.stdout)).toMatchObject({
      worktrees: [{ path: '/trees/parked', stays: 'waits for a decision' }, {}, {}],
      removed: [{ path: '/trees/a' }, { path: '/trees/b' }],
    });
    const asked: string[] = [];
    const confirm = async (question: string) => asked.push(question) > 0;
    const only = { ...clean, kept: async () => [parked] };
    removed.length = 0;
    const none = await cli(['clean'], { clean: only, confirm });
    expect({ asked, removed, exitCode: none.exitCode }).toEqual({ asked: [], removed: [], exitCode: 0 });
    expect(none.stderr).toContain('approvals');
  });

  test('says so where there is nothing', async () => {
    const clean = { kept: async () => [], remove: async () => {} };
    expect(await cli(['clean', '--yes'], { clean })).toMatchObject({
      exitCode: 0,
      stdout: 'No worktrees are kept.\n',
    });
  });
});
