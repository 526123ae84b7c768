import type { Dirent } from 'node:fs';
import { glob, lstat, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Touched } from '../../domain/approval.ts';
import { effectsOf } from '../../domain/safety/effectsOf.ts';
import { GLOB, HOME, isDynamic, isUncertain } from '../../domain/safety/markers.ts';
import type { ToolCall } from '../../domain/safety/verdict.ts';
import { gitStates } from './gitStates.ts';
import { realPlace } from './realPlace.ts';

/** More than these a person does not read. */
const MOST_PATHS = 100;
const MOST_FILES = 10_000;

type Access = Touched['access'];
const WEIGHT: Readonly<Record<Access, number>> = { delete: 2, write: 1, read: 0 };

const atHome = (name: string): string =>
  path.resolve(name.startsWith(HOME) ? `${homedir()}${name.slice(HOME.length)}` : name);

/** What the judge says that the call deletes or writes; patterns as what they match now. */
const pathsOf = async (call: ToolCall, cwd: string): Promise<ReadonlyMap<string, Access>> => {
  const found = new Map<string, Access>();
  const add = (place: string, access: Access): void => {
    const before = found.get(place);
    if (before === undefined && found.size >= MOST_PATHS) return;
    if (before === undefined || WEIGHT[access] > WEIGHT[before]) found.set(place, access);
  };
  for (const effect of effectsOf(call, cwd)) {
    if (effect.type !== 'path' || effect.access === 'read' || isDynamic(effect.path)) continue;
    const place = atHome(effect.path);
    if (!place.includes(GLOB)) add(place, effect.access);
    else
      for await (const name of glob(place.replaceAll(GLOB, '*'))) {
        if (found.size >= MOST_PATHS) break;
        add(path.resolve(name), effect.access);
      }
  }
  return found;
};

/** Paths that the judge says the call deletes, those that it does not name included; patterns left out. */
export const deletedBy = (call: ToolCall, cwd: string): readonly string[] =>
  effectsOf(call, cwd).flatMap((effect) =>
    effect.type === 'path' && effect.access === 'delete' && !isUncertain(effect.path)
      ? [atHome(effect.path)]
      : [],
  );

/** Files at and below a path, links not followed. */
const countOf = async (place: string, signal: AbortSignal): Promise<number> => {
  let files = 0;
  const open = [place];
  for (let folder = open.pop(); folder !== undefined && files < MOST_FILES; folder = open.pop()) {
    signal.throwIfAborted();
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries) {
      if (entry.isDirectory()) open.push(path.join(folder, entry.name));
      else files++;
    }
  }
  return Math.min(files, MOST_FILES);
};

/** What a call would delete or overwrite, with how much of it there is and whether git could bring it back. */
export const touchedBy = async (
  call: ToolCall,
  cwd: string,
  worktree: string,
  signal: AbortSignal,
): Promise<readonly Touched[]> => {
  const paths = [...(await pathsOf(call, cwd))];
  const real = new Map<string, string>();
  // The link itself is what a deletion takes, so only its folder is followed.
  for (const [place] of paths) {
    const folder = await realPlace(path.dirname(place));
    real.set(place, path.join(folder, path.basename(place)));
  }
  const states = await gitStates(worktree, [...real.values()]);
  const touched: Touched[] = [];
  for (const [place, access] of paths) {
    signal.throwIfAborted();
    const stat = await lstat(place).catch(() => undefined);
    const files = stat === undefined ? 0 : stat.isDirectory() ? await countOf(place, signal) : 1;
    const git = states.get(real.get(place) ?? place);
    touched.push({
      path: place,
      access,
      exists: stat !== undefined,
      files,
      ...(git === undefined ? {} : { git }),
    });
  }
  return touched;
};
