import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Commit, commitSchema } from '../../domain/ids.ts';
import { TASK_STARTS } from '../../domain/taskStarts.ts';

type Move = { readonly from: string; readonly to: string; readonly message: string };

export type HeadHistory = {
  /** True where HEAD went to another branch or was detached by a checkout. */
  readonly left: boolean;
  /** Commits that came into being at HEAD, without those that follow from one before in the list. */
  readonly made: readonly Commit[];
};

/** Moves that only go to a commit that was there before. */
const GOES_TO_AN_OLD_COMMIT =
  /^(checkout|reset|Branch):|: Fast-forward$|\((start|abort)\)|^orchestrator:|^clone:/i;
const CHECKOUT = /^checkout: moving from .* to (.*)$/;

const parseMove = (line: string): Move | undefined => {
  const [names = '', message = ''] = line.split('\t', 2);
  const [from, to] = names.split(' ', 2);
  return from === undefined || to === undefined ? undefined : { from, to, message };
};

/**
 * Reads a worktree's HEAD reflog since the present task began.
 * @param text the reflog file
 * @param branch the task's branch
 */
export const parseHeadLog = (text: string, branch: string): HeadHistory => {
  const moves = text.split('\n').flatMap((line) => parseMove(line) ?? []);
  const start = moves.findLastIndex((move) => move.message === TASK_STARTS);
  const since = moves.slice(start + 1).filter((move) => !/^0+$/.test(move.from));
  const left = since.some((move) => {
    const target = CHECKOUT.exec(move.message)?.[1];
    return target !== undefined && target !== branch;
  });
  const made: Commit[] = [];
  // Whoever holds a commit's child holds the commit: one name for a chain keeps the argument list short.
  const covered = new Set<string>();
  for (const move of since) {
    if (GOES_TO_AN_OLD_COMMIT.test(move.message)) continue;
    const to = commitSchema.safeParse(move.to).data;
    if (to === undefined || covered.has(to)) continue;
    if (!(/^commit( \(merge\))?:/.test(move.message) && covered.has(move.from))) made.push(to);
    covered.add(to);
  }
  return { left, made };
};

/** In this process: a `git reflog` would cost a process for a file of some hundred bytes. */
export const readHeadLog = async (gitDir: string, branch: string): Promise<HeadHistory> =>
  parseHeadLog(await readFile(join(gitDir, 'logs', 'HEAD'), 'utf8').catch(() => ''), branch);
