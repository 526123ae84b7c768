import type { DoctorCheck } from '../application/diagnosis.ts';
import { createToolGate } from '../infrastructure/claude/toolGate.ts';
import { runDoctor } from '../infrastructure/config/doctor.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import { type ConfigInput, readConfig } from '../infrastructure/config/reading.ts';
import { claimStateDir } from '../infrastructure/store/ownership.ts';
import type { KeptWorktree } from '../presentation/cli/deps.ts';
import { workerRuntimeOf, workspacesOf } from './adapters.ts';

/** Milliseconds that all of doctor's questions may take. */
const DOCTOR_PATIENCE_MS = 30_000;

export const doctor = (input: ConfigInput): Promise<readonly DoctorCheck[]> => {
  const { config } = readConfig(input);
  return runDoctor({
    config: input,
    nodeVersion: process.versions.node,
    claude: () =>
      workerRuntimeOf(config ?? loadConfig(input).config, process.env, createToolGate([])).describe(),
    signal: AbortSignal.timeout(DOCTOR_PATIENCE_MS),
  });
};

export const keptWorktrees = (input: ConfigInput): Promise<readonly KeptWorktree[]> =>
  workspacesOf(loadConfig(input).config).kept();

/** @throws ConflictError while a server runs: the worktree may be one that it works in. */
export const removeKept = async (worktree: KeptWorktree, input: ConfigInput): Promise<void> => {
  const { config } = loadConfig(input);
  const claim = await claimStateDir(config.stateDir);
  try {
    await workspacesOf(config).removeKept(worktree.path);
  } finally {
    await claim.release();
  }
};
