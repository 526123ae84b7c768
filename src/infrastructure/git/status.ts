import { type Commit, commitSchema } from '../../domain/ids.ts';
import { READING } from './environment.ts';
import { fields, type Git, type Place } from './git.ts';

export type StatusEntry = {
  readonly path: string;
  readonly kind: 'tracked' | 'unmerged' | 'untracked';
};

export type Status = {
  /** Undefined where there is no commit yet. */
  readonly head: Commit | undefined;
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  readonly entries: readonly StatusEntry[];
};

/** Fields in front of the path, by the first letter of an entry of `--porcelain=v2`. */
const FIELDS_BEFORE_PATH: Readonly<Record<string, number>> = { '1': 8, u: 10 };

const entryOf = (line: string): StatusEntry | undefined => {
  const type = line.charAt(0);
  if (type === '?') return { path: line.slice(2), kind: 'untracked' };
  const before = FIELDS_BEFORE_PATH[type];
  if (before === undefined) return undefined;
  const path = line.split(' ').slice(before).join(' ');
  return { path, kind: type === 'u' ? 'unmerged' : 'tracked' };
};

/** Reads the output of `git status --porcelain=v2 --branch --no-renames -z`. */
export const parseStatus = (output: string): Status => {
  let head: Commit | undefined;
  let branch: string | null = null;
  const entries: StatusEntry[] = [];
  for (const line of fields(output)) {
    if (line.startsWith('# branch.oid ')) head = commitSchema.safeParse(line.slice(13)).data;
    else if (line.startsWith('# branch.head ')) branch = line.slice(14);
    else {
      const entry = entryOf(line);
      if (entry !== undefined) entries.push(entry);
    }
  }
  return { head, branch: branch === '(detached)' ? null : branch, entries };
};

/**
 * Head, branch and dirt of a checkout by one process. Renames are not looked for: a path that went and one
 * that came are what callers ask about.
 * @param untracked `all` names every file, `normal` folds new folders, `no` leaves them out
 */
export const readStatus = async (
  git: Git,
  place: Place,
  untracked: 'all' | 'normal' | 'no',
): Promise<Status> => {
  const { stdout } = await git({
    ...place,
    args: ['status', '--porcelain=v2', '--branch', '--no-renames', `--untracked-files=${untracked}`, '-z'],
    env: READING,
  });
  return parseStatus(stdout);
};

/** Repositories inside a worktree that are no submodules: with every file named, only they end with "/". */
export const nestedRepositories = (status: Status): readonly string[] =>
  status.entries
    .filter((entry) => entry.kind === 'untracked' && entry.path.endsWith('/'))
    .map((entry) => entry.path);
