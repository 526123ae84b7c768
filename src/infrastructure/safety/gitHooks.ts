import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isUncertain } from '../../domain/safety/markers.ts';
import { askGit, gitPlace } from './git.ts';
import { foldersUp, textOf } from './manifests.ts';
import { atHome } from './namedFolders.ts';

/** git takes no other names; what ends in `.sample` is none. */
const HOOK = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u;
const SET = /^core\.hookspath=(.+)$/isu;
const MOST_TEXT = 64 * 1024;

type Hook = {
  readonly file: string;
  /** Its text where a shell reads it. */
  readonly text: string | undefined;
  /** Where git runs it. */
  readonly folder: string;
};

const hooksIn = async (folder: string, top: string): Promise<readonly Hook[]> => {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => HOOK.test(name));
  // Some managers keep a folder of starters within the one that holds the hooks themselves.
  const files = names.flatMap((name) => [path.join(folder, name), path.join(path.dirname(folder), name)]);
  return Promise.all(
    files.map(async (file) => {
      const text = await textOf(file);
      const isShell =
        text !== undefined && text.length <= MOST_TEXT && /^(#!.*sh\b|[^#]|#[^!]|$)/u.test(text);
      return { file, text: isShell ? text : undefined, folder: top };
    }),
  );
};

/** Folders that git's configuration and the call itself name for hooks, as far as they can be told. */
const configured = async (top: string, words: readonly string[]): Promise<readonly string[]> => {
  const place = await gitPlace(top);
  if (place === undefined) return [];
  const common = (await readFile(path.join(place.gitDir, 'commondir'), 'utf8').catch(() => '.')).trim();
  // The last one is what we ask with ourselves.
  const set = ((await askGit(place, ['config', '--null', '--get-all', 'core.hooksPath'])) ?? '')
    .split('\0')
    .slice(0, -2);
  const lent = words.flatMap((word) => SET.exec(word)?.[1] ?? []).filter((name) => !isUncertain(name));
  return [
    path.resolve(place.gitDir, common, 'hooks'),
    ...[...set, ...lent].map((name) => path.resolve(top, atHome(name.replace(/^~(?=\/)/u, '\u0001')))),
  ];
};

/**
 * Hooks that git may run for a command in a folder, those of a folder that the command lends it included.
 * @param words of the command.
 */
export const hooksOf = async (from: string, words: readonly string[]): Promise<readonly Hook[]> => {
  for (const top of foldersUp(from)) {
    const folders = await configured(top, words);
    if (folders.length === 0) continue;
    return (await Promise.all([...new Set(folders)].map((folder) => hooksIn(folder, top)))).flat();
  }
  return [];
};
