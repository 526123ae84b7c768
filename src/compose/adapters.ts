import type { ToolGate } from '../application/ports/gate.ts';
import type { WorkerRuntime } from '../application/ports/worker.ts';
import type { Workspaces } from '../application/ports/workspaces.ts';
import { createClaudeRuntime } from '../infrastructure/claude/claudeRuntime.ts';
import { workerEnvironment } from '../infrastructure/claude/workerEnvironment.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { createWorkspaces } from '../infrastructure/git/workspaces.ts';

export const workspacesOf = (config: Config): Workspaces =>
  createWorkspaces({
    allowedRoots: config.allowedRoots,
    worktreesDir: config.worktreesDir,
    stateDir: config.stateDir,
  });

export const workerRuntimeOf = (
  config: Config,
  env: NodeJS.ProcessEnv,
  gate: ToolGate,
  hookTimeoutSeconds?: number,
): WorkerRuntime =>
  createClaudeRuntime({
    ...(hookTimeoutSeconds === undefined ? {} : { hookTimeoutSeconds }),
    sandbox: { mode: config.sandbox, hidden: [config.stateDir], lists: config.worktreesDir },
    configuredPath: config.claudePath,
    sourceEnv: env,
    passedEnv: config.workerEnv,
    settingSources: config.workerSettings,
    gate,
  });

/** What `setup` and `verify` commands see: a worker's environment, without what talks to the model. */
export const commandEnvironment = (config: Config, env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(workerEnvironment(env, config.workerEnv, {})).filter(
      ([name]) => config.workerEnv.includes(name) || !/^(ANTHROPIC_|CLAUDE_)/.test(name),
    ),
  );
