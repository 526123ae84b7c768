import path from 'node:path';
import { z } from 'zod';
import { LIMITS } from '../../../domain/limits.ts';
import { absolutePath, autoOrCount, listOf, oneGroupPattern, variableName, wholeNumber } from '../values.ts';
import { settings } from './meta.ts';

const workerSettings = z.preprocess(
  (raw) => (typeof raw === 'string' && raw.trim().toLowerCase() === 'none' ? [] : raw),
  listOf(z.enum(['user', 'project', 'local'], 'must be "none" or a list of user, project, local'), ','),
);

/** Where jobs lie and how their workers run. */
export const workSettings = {
  stateDir: absolutePath().register(settings, {
    env: 'ORCHESTRATOR_STATE_DIR',
    form: 'path',
    fallback: "the user's data folder",
    description:
      'Folder of jobs, events and task logs. One server at a time uses it; workers never write there.',
  }),
  worktreesDir: absolutePath().register(settings, {
    env: 'ORCHESTRATOR_WORKTREES_DIR',
    form: 'path',
    fallback: "`worktrees` in the user's cache folder",
    description:
      'Folder of the git worktrees that workers work in. Not inside the state folder, nor around it.',
  }),
  allowedRoots: listOf(absolutePath(), path.delimiter).register(settings, {
    env: 'ORCHESTRATOR_ALLOWED_ROOTS',
    form: 'paths',
    fallback: 'the home folder and the folder the server was started in, but never `/`',
    description: `Folders that a job's workspace may lie in, separated as in PATH (\`:\`, on Windows \`;\`).`,
  }),
  maxWorkers: autoOrCount(100).register(settings, {
    env: 'ORCHESTRATOR_MAX_WORKERS',
    form: 'auto or 1-100',
    fallback: '`auto`: 4 for each core, as many as memory holds at 250 MB each, at most 16',
    description: 'Claude processes that live at the same time, over all jobs.',
  }),
  defaultTimeout: wholeNumber(1, LIMITS.timeoutSeconds).register(settings, {
    env: 'ORCHESTRATOR_DEFAULT_TIMEOUT',
    form: `1-${LIMITS.timeoutSeconds}`,
    fallback: '1800',
    description: 'Seconds that a task may take where neither it nor its job says otherwise.',
  }),
  verifyTimeout: wholeNumber(1, LIMITS.timeoutSeconds).register(settings, {
    env: 'ORCHESTRATOR_VERIFY_TIMEOUT',
    form: `1-${LIMITS.timeoutSeconds}`,
    fallback: '600',
    description: 'Seconds that one `setup` or `verify` command may take.',
  }),
  maxQueuedTasks: wholeNumber(1, 1_000_000).register(settings, {
    env: 'ORCHESTRATOR_MAX_QUEUED_TASKS',
    form: '1-1000000',
    fallback: '10000',
    description:
      'Tasks that may be open at once, over all jobs; above it a new job is refused as "queue full".',
  }),
  claudePath: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_CLAUDE_PATH',
    form: 'path',
    fallback: 'the CLI that comes with the Agent SDK, else `claude` on PATH',
    description: 'The Claude Code CLI to run as worker.',
  }),
  workerEnv: listOf(variableName, ',').register(settings, {
    env: 'ORCHESTRATOR_WORKER_ENV',
    form: 'names',
    fallback: 'none',
    description:
      'Names of further environment variables that workers get, separated by commas. Workers start from an empty environment.',
  }),
  workerSettings: workerSettings.register(settings, {
    env: 'ORCHESTRATOR_WORKER_SETTINGS',
    form: 'none, or names',
    fallback: '`none`',
    description:
      'Whose Claude settings (hooks, MCP servers, permissions) workers load: `none`, or a list of `user`, `project` (the workspace) and `local`. A workspace let in here can run its own commands in workers.',
  }),
  testNamePattern: oneGroupPattern.optional().register(settings, {
    env: 'ORCHESTRATOR_TEST_NAME_PATTERN',
    form: 'regex',
    fallback: 'TAP and JUnit are understood without it',
    description:
      'Regular expression (flags `gm`) whose one capture group is the name of a failing test in the output of `verify`.',
  }),
  portBase: wholeNumber(1024, 65_000).register(settings, {
    env: 'ORCHESTRATOR_PORT_BASE',
    form: '1024-65000',
    fallback: '20000',
    description: 'First port of the ranges that lanes get as `PORT_BASE`, 20 ports each.',
  }),
};
