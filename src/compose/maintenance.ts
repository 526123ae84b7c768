import path from 'node:path';
import type { DoctorCheck } from '../application/diagnosis.ts';
import { ConflictError } from '../domain/errors/index.ts';
import { passphraseFileIn } from '../infrastructure/access/passphraseFile.ts';
import { sandboxObstacle } from '../infrastructure/claude/sandbox.ts';
import { runDoctor } from '../infrastructure/config/doctor.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import { type ConfigInput, readConfig } from '../infrastructure/config/reading.ts';
import { checkGate, checkPerson, checkSandbox } from '../infrastructure/config/safetyChecks.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { policySource } from '../infrastructure/safety/policySource.ts';
import { proofFileIn } from '../infrastructure/safety/proofFile.ts';
import { createToolGate } from '../infrastructure/safety/toolGate.ts';
import { claimStateDir } from '../infrastructure/store/ownership.ts';
import { resumedWorktrees } from '../infrastructure/store/resumedWorktrees.ts';
import type { KeptWorktree } from '../presentation/cli/deps.ts';
import { workerRuntimeOf, workspacesOf } from './adapters.ts';
import { canaryOf } from './enforcement.ts';

/** Milliseconds that all of doctor's questions may take. */
const DOCTOR_PATIENCE_MS = 30_000;

export const doctor = (input: ConfigInput): Promise<readonly DoctorCheck[]> => {
  const { config } = readConfig(input);
  return runDoctor({
    config: input,
    nodeVersion: process.versions.node,
    claude: () =>
      workerRuntimeOf(
        config ?? loadConfig(input).config,
        process.env,
        createToolGate({ protectedRoots: [] }),
      ).describe(),
    safety: () => safetyChecks(config),
    signal: AbortSignal.timeout(DOCTOR_PATIENCE_MS),
  });
};

/** Nothing where the configuration cannot be read: that has its own line. */
const safetyChecks = async (config: Config | undefined): Promise<readonly DoctorCheck[]> => {
  if (config === undefined) return [];
  const policies = policySource({ file: config.policy, configDir: config.configDir });
  const identity = async () => {
    const gate = createToolGate({ protectedRoots: [config.stateDir] });
    return canaryOf({ config, env: process.env, gate, policies }).identity();
  };
  return [
    checkGate(await proofFileIn(config.stateDir).read(), await identity().catch(() => undefined)),
    checkSandbox(config.sandbox, await sandboxObstacle(process.env.PATH)),
    checkPerson(
      (
        await passphraseFileIn(config.stateDir)
          .read()
          .catch(() => undefined)
      )?.created_at,
    ),
  ];
};

const resumedIn = ({ stateDir }: Config): ReadonlySet<string> =>
  resumedWorktrees(path.join(stateDir, 'orchestrator.sqlite'));

export const keptWorktrees = async (input: ConfigInput): Promise<readonly KeptWorktree[]> => {
  const { config } = loadConfig(input);
  const kept = await workspacesOf(config).kept();
  // Read last: what a task parks meanwhile is kept by then.
  const resumed = resumedIn(config);
  return kept.map((worktree) => ({ ...worktree, waits: resumed.has(worktree.path) }));
};

/**
 * @throws ConflictError while a server runs, for the worktree may be one that it works in; where a task will go on
 * in it once its call is decided.
 */
export const removeKept = async (worktree: KeptWorktree, input: ConfigInput): Promise<void> => {
  const { config } = loadConfig(input);
  const claim = await claimStateDir(config.stateDir);
  try {
    // Asked anew: a server may have come and gone since the list was made.
    if (resumedIn(config).has(worktree.path)) {
      throw new ConflictError('A task that waits for a decision will go on in it.', {
        hint: 'Decide the call (`claude-orchestrator approvals`) or cancel the task, then try again.',
      });
    }
    await workspacesOf(config).removeKept(worktree.path);
  } finally {
    await claim.release();
  }
};
