import type { DoctorCheck } from '../../application/diagnosis.ts';
import { WORKER_MEMORY } from './defaults.ts';
import { problemLine } from './load.ts';
import type { Problem } from './sources.ts';

type Version = readonly [major: number, minor: number];
const GIT: Version = [2, 38];
const NODE: Version = [22, 13];
const GB = 1024 ** 3;

const versionIn = (text: string): Version | undefined => {
  const match = /(\d+)\.(\d+)/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
};
const reaches = (have: Version, want: Version): boolean =>
  have[0] > want[0] || (have[0] === want[0] && have[1] >= want[1]);

const inGb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;

/** @param output what `git --version` printed; undefined where git did not run. */
export const judgeGit = (output: string | undefined): DoctorCheck => {
  const name = 'git';
  const mend = `Install git ${GIT.join('.')} or newer and have it on PATH.`;
  if (output === undefined) return { name, status: 'fail', detail: 'not found', mend };
  const version = versionIn(output);
  const detail = output.trim().split('\n')[0] ?? '';
  return version !== undefined && reaches(version, GIT)
    ? { name, status: 'ok', detail }
    : {
        name,
        status: 'fail',
        detail: `${detail}: too old, merges are computed by \`git merge-tree --write-tree\``,
        mend,
      };
};

/** @param version as in `process.versions.node`. */
export const judgeNode = (version: string): DoctorCheck => {
  const have = versionIn(version);
  return have !== undefined && reaches(have, NODE)
    ? { name: 'node', status: 'ok', detail: version }
    : {
        name: 'node',
        status: 'fail',
        detail: `${version}: too old, the store needs node:sqlite`,
        mend: `Use Node ${NODE.join('.')} or newer.`,
      };
};

export const judgeClaude = (facts: { path: string; version: string }): DoctorCheck => ({
  name: 'claude',
  status: 'ok',
  detail: `${facts.version} at ${facts.path}`,
});

export const judgeCredentials = (found: boolean): DoctorCheck =>
  found
    ? { name: 'credentials', status: 'ok', detail: 'found' }
    : {
        name: 'credentials',
        status: 'warn',
        detail: 'none found: workers will fail at their first turn',
        mend: 'Run `claude` once and log in, or set ANTHROPIC_API_KEY and run `claude-orchestrator stop`: the next call starts the server with it.',
      };

/** @param available bytes that new processes could have. */
export const judgeMemory = (available: number, maxWorkers: number): DoctorCheck => {
  const detail = `${inGb(available)} free, ${maxWorkers} workers take up to ${inGb(maxWorkers * WORKER_MEMORY)}`;
  if (available >= maxWorkers * WORKER_MEMORY) return { name: 'memory', status: 'ok', detail };
  return {
    name: 'memory',
    status: available < WORKER_MEMORY ? 'fail' : 'warn',
    detail,
    mend: 'Close other programs or lower ORCHESTRATOR_MAX_WORKERS.',
  };
};

/** @param free bytes that this user may still write on the disk of `folder`. */
export const judgeDisk = (name: string, folder: string, free: number, setting: string): DoctorCheck => {
  const detail = `${inGb(free)} free for ${folder}`;
  if (free >= 2 * GB) return { name, status: 'ok', detail };
  return {
    name,
    status: free < GB / 4 ? 'fail' : 'warn',
    detail,
    mend: `Free some space (\`claude-orchestrator clean\` removes kept worktrees) or let ${setting} name a folder on another disk.`,
  };
};

/** @param fault why it cannot be written; undefined where it can. */
export const judgeFolder = (
  name: string,
  folder: string,
  fault: string | undefined,
  setting: string,
): DoctorCheck =>
  fault === undefined
    ? { name, status: 'ok', detail: folder }
    : {
        name,
        status: 'fail',
        detail: `${folder}: ${fault}`,
        mend: `Give this user the right to write there, or let ${setting} name another folder.`,
      };

export const judgeConfiguration = (
  problems: readonly Problem[],
  warnings: readonly string[],
): DoctorCheck => {
  const name = 'configuration';
  if (problems.length > 0) {
    const mend =
      'Correct them there; `claude-orchestrator config explain` shows where each value comes from.';
    return { name, status: 'fail', detail: problems.map(problemLine).join('; '), mend };
  }
  if (warnings.length === 0) return { name, status: 'ok', detail: 'no problems' };
  return {
    name,
    status: 'warn',
    detail: warnings.join(' '),
    mend: 'Look at `claude-orchestrator config explain`.',
  };
};
