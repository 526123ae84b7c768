import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Policy } from '../../domain/safety/policy/policy.ts';
import type { PolicyFile } from '../../domain/safety/policy/schema.ts';
import { tighten, withoutRepository } from '../../domain/safety/policy/tighten.ts';
import { askGit, type GitPlace } from './git.ts';
import { hashed } from './hashed.ts';
import { parsePolicy } from './policyFile.ts';

/** Where a repository may have a policy of its own, the first that is there counts. */
export const REPOSITORY_POLICY = [
  '.orchestrator/policy.yaml',
  '.orchestrator/policy.yml',
  '.orchestrator/policy.json',
] as const;

type Text = { readonly name: string; readonly text: string };
type Read = { readonly file: PolicyFile | undefined; readonly problem: string | undefined };

/** From a commit: a worker writes to its worktree, not to what the job began from. */
const fromCommit = async (place: GitPlace, commit: string): Promise<Text | undefined> => {
  const listed = await askGit(place, ['ls-tree', '-z', '--full-tree', commit, '--', ...REPOSITORY_POLICY]);
  if (listed === undefined) throw new Error(`git could not read ${commit}`);
  const blobs = new Map(
    listed.split('\0').flatMap((line) => {
      const [about = '', name = ''] = line.split('\t');
      const [mode, type, hash] = about.split(' ');
      return type === 'blob' && mode !== '120000' && hash !== undefined ? [[name, hash] as const] : [];
    }),
  );
  const name = REPOSITORY_POLICY.find((one) => blobs.has(one));
  if (name === undefined) return undefined;
  const text = await askGit(place, ['cat-file', 'blob', blobs.get(name) ?? '']);
  if (text === undefined) throw new Error(`git could not read ${name}`);
  return { name, text };
};

const fromFolder = async (folder: string): Promise<Text | undefined> => {
  for (const name of REPOSITORY_POLICY) {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) return { name, text };
  }
  return undefined;
};

/** Commits do not change; so many are kept. */
const MOST_KEPT = 200;

export type RepositoryPolicies = {
  /**
   * The machine's policy tightened by the repository's own, if it has one.
   * @param base the commit that the task began from; without it HEAD counts, or the folder where there is no git.
   */
  readonly over: (
    machine: Policy,
    worktree: string,
    place: GitPlace | undefined,
    base: string | undefined,
  ) => Promise<Policy>;
};

/** @param onWarning hears once a policy what of it is not followed, and why. */
export const repositoryPolicies = (onWarning: (text: string) => void): RepositoryPolicies => {
  const read = new Map<string, Promise<Read>>();
  const laid = new Map<string, { readonly machine: Policy; readonly policy: Policy }>();

  const parse = async (found: Promise<Text | undefined>): Promise<Read> => {
    const text = await found;
    if (text === undefined) return { file: undefined, problem: undefined };
    try {
      return { file: parsePolicy(text.text, text.name), problem: undefined };
    } catch (error) {
      return { file: undefined, problem: error instanceof Error ? error.message : 'it cannot be read' };
    }
  };

  /** What names the state that a policy is read from. */
  const keyOf = async (worktree: string, place: GitPlace | undefined, base: string | undefined) => {
    if (place === undefined) {
      const stamps = await Promise.all(
        REPOSITORY_POLICY.map((name) => stat(path.join(worktree, name)).catch(() => undefined)),
      );
      return `${worktree}\n${stamps.map((stats) => `${stats?.mtimeMs} ${stats?.size}`).join('\n')}`;
    }
    if (base !== undefined) return `${place.gitDir}\n${base}`;
    const log = await stat(path.join(place.gitDir, 'logs', 'HEAD')).catch(() => undefined);
    const head = await stat(path.join(place.gitDir, 'HEAD')).catch(() => undefined);
    return `${place.gitDir}\n${log?.mtimeMs} ${log?.size} ${head?.mtimeMs}`;
  };

  const find = async (
    worktree: string,
    place: GitPlace | undefined,
    base: string | undefined,
  ): Promise<Text | undefined> => {
    if (place === undefined) return fromFolder(worktree);
    if (base !== undefined) return fromCommit(place, base);
    const head = await askGit(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    return head === undefined ? fromFolder(worktree) : fromCommit(place, head.trim());
  };

  return {
    async over(machine, worktree, place, base) {
      const key = await keyOf(worktree, place, base);
      let reading = read.get(key);
      if (reading === undefined) {
        if (read.size >= MOST_KEPT) read.clear();
        reading = parse(find(worktree, place, base));
        read.set(key, reading);
        // A git that could not answer is asked again.
        reading.catch(() => read.delete(key));
      }
      const { file, problem } = await reading;
      if (file === undefined && problem === undefined) return machine;
      const known = laid.get(key);
      if (known?.machine === machine) return known.policy;
      if (laid.size >= MOST_KEPT) laid.clear();
      const { policy, warnings } =
        file === undefined
          ? {
              policy: withoutRepository(machine),
              warnings: [`${problem} Every command of its workers is asked about until it is corrected.`],
            }
          : tighten(machine, file);
      for (const warning of warnings) onWarning(warning);
      const whole = hashed(policy);
      laid.set(key, { machine, policy: whole });
      return whole;
    },
  };
};
