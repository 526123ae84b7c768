import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigurationError } from '../domain/errors/index.ts';
import { policyOf } from '../domain/safety/policy/policy.ts';
import { tighten } from '../domain/safety/policy/tighten.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import { hashed } from '../infrastructure/safety/hashed.ts';
import { readPolicyFile } from '../infrastructure/safety/policyFile.ts';
import { policySource } from '../infrastructure/safety/policySource.ts';
import type { FlagValues } from '../presentation/cli/deps.ts';
import type { CheckedPolicy, JudgePlace, SafetyDeps } from '../presentation/cli/policy/safetyDeps.ts';
import { gateOf } from './gateOf.ts';
import { configInput } from './thisProcess.ts';

const BUILT_IN = 'built-in';

const machineOf = (flags: FlagValues, onProblem?: (error: unknown) => void) => {
  const { config } = loadConfig(configInput(flags));
  const { policy, configDir } = config;
  return {
    config,
    source: policySource({ file: policy, configDir, ...(onProblem === undefined ? {} : { onProblem }) }),
  };
};

export const checkPolicy = async (
  file: string | undefined,
  repository: boolean,
  flags: FlagValues,
): Promise<CheckedPolicy> => {
  if (repository) {
    const { source } = machineOf(flags);
    const name = file ?? path.resolve('.orchestrator', 'policy.yaml');
    const { policy, warnings } = tighten(source.current(), readPolicyFile(name));
    return { source: name, kind: 'repository', policy: hashed(policy), warnings };
  }
  if (file !== undefined)
    return { source: file, kind: 'machine', policy: hashed(policyOf(readPolicyFile(file))), warnings: [] };
  const { source } = machineOf(flags);
  return { source: source.file() ?? BUILT_IN, kind: 'machine', policy: source.current(), warnings: [] };
};

/** The work tree that a folder lies in, by looking for `.git` on the way up; the folder itself where there is none. */
export const projectOf = (folder: string): string => {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return folder;
  }
};

export const openSafety: SafetyDeps['safety']['open'] = async (place: JudgePlace, flags) => {
  const folder = await realpath(place.folder).catch(() => undefined);
  if (folder === undefined || !(await stat(folder)).isDirectory())
    throw new ConfigurationError(`There is no folder ${place.folder}.`, {
      hint: 'Name one that exists with --cwd.',
    });
  const { config, source } = machineOf(flags);
  const gate = gateOf(config, source, {
    onWarning: (text) => void process.stderr.write(`warning: ${text}\n`),
    ownByHead: place.asWorktree,
  });
  const worktree = projectOf(folder);
  const fence = { cwd: folder, worktree, readRoots: [] };
  return { source: source.file() ?? BUILT_IN, batch: () => gate.batch(fence) };
};
