import { glob } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { CallInspector, InspectedCall } from '../../application/approving/ports.ts';
import type { BoundFile } from '../../domain/approval.ts';
import { DangerousOperationError } from '../../domain/errors/index.ts';
import { GLOB } from '../../domain/safety/markers.ts';
import { TOOL_RULES, textField } from '../../domain/safety/tools.ts';
import type { ToolCall } from '../../domain/safety/verdict.ts';
import { bind } from './boundFiles.ts';
import { callDiff } from './callDiff.ts';
import { type NamedWord, wordsOf } from './callWords.ts';
import { FolderDigests } from './folderDigests.ts';
import { foldersUp } from './manifests.ts';
import { realPlace } from './realPlace.ts';
import { runnerFiles } from './runnerFiles.ts';
import { lookUpScripts } from './scripts.ts';
import { deletedBy, touchedBy } from './touched.ts';
import { undecided } from './unhashable.ts';

/** Longer than any path that a kernel takes. */
const MOST_PATH = 4_096;
const MOST_FILES = 10_000;
/** Below all folders that a call names. */
const MOST_BELOW = 100_000;

const inputSchema = z.record(z.string(), z.json());

type Named = { readonly names: readonly NamedWord[]; readonly env: Readonly<Record<string, string>> };

const NOTHING: Named = { names: [], env: {} };

/** Files that the texts of package scripts, recipes and the like name, where the judge has read them. */
const scriptFiles = async (call: ToolCall, cwd: string, worktree: string): Promise<readonly NamedWord[]> => {
  const { scripts, folders } = await lookUpScripts(call, cwd);
  const found: NamedWord[] = [];
  for (const [key, text] of scripts) {
    const words = wordsOf(text, folders.get(key) ?? cwd);
    found.push(...words.names, ...(await runnerFiles(words, worktree)));
  }
  return found;
};

const namedBy = async (call: ToolCall, cwd: string, worktree: string): Promise<Named> => {
  const { tool, input } = call;
  const rule = TOOL_RULES.get(tool);
  if (rule?.acts === 'shell') {
    const command = textField(input, 'command');
    if (command === undefined) return NOTHING;
    const words = wordsOf(command, cwd);
    const [doubt] = words.doubts;
    if (doubt !== undefined) throw undecided(doubt);
    const scripts = await scriptFiles(call, cwd, worktree);
    return { names: [...words.names, ...(await runnerFiles(words, worktree)), ...scripts], env: words.env };
  }
  if (rule?.acts !== 'read' && rule?.acts !== 'write') return NOTHING;
  const word = textField(input, rule.path);
  return word === undefined ? NOTHING : { names: [{ word, from: cwd }], env: {} };
};

const tooMany = (): DangerousOperationError =>
  new DangerousOperationError(`it names more than ${MOST_FILES} files, so nobody could approve it.`, {
    hint: 'Name a folder, or do it in parts.',
  });

/** Patterns as what they match now: a file that comes later makes it another call. */
const matched = async ({ word, from, ...how }: NamedWord): Promise<readonly NamedWord[]> => {
  if (!word.includes(GLOB)) return [{ word, from, ...how }];
  const found: NamedWord[] = [];
  for await (const name of glob(word.replaceAll(GLOB, '*'), { cwd: from })) {
    found.push({ word: name, from, ...how });
    if (found.length > MOST_FILES) throw tooMany();
  }
  return found;
};

/** Folders that everybody writes to, or that hold the worktree itself: what else lies there is not what is meant. */
const commonFolders = async (worktree: string): Promise<ReadonlySet<string>> => {
  const home = await realPlace(homedir());
  const temporary = await Promise.all([tmpdir(), '/tmp', '/var/tmp'].map((folder) => realPlace(folder)));
  return new Set([...foldersUp(path.dirname(worktree)), ...foldersUp(home), ...temporary]);
};

type Where = { readonly cwd: string; readonly worktree: string; readonly mostBelow: number };

const boundOf = async (
  names: readonly NamedWord[],
  deleted: readonly string[],
  { cwd, worktree, mostBelow }: Where,
  signal: AbortSignal,
): Promise<readonly BoundFile[]> => {
  const digests = new FolderDigests(worktree, mostBelow, signal);
  const common = await commonFolders(worktree);
  const bound = new Map<string, BoundFile>();
  const seen = new Set<string>();
  for (const name of names) {
    if (name.word.length > MOST_PATH) continue;
    for (const { word, from, goes } of await matched(name)) {
      const key = `${goes === true}\n${path.resolve(from, word)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      signal.throwIfAborted();
      const file = await bind(word, from, signal, (real) =>
        goes === true || (common.has(real) && real !== worktree) ? undefined : digests,
      );
      // Every command runs in some folder; its real path is bound anyway.
      if (file === undefined || (file.realPath === cwd && file.sha256 === null)) continue;
      const before = bound.get(order(file));
      // Gone to by one command and named by another.
      if (before === undefined || before.sha256 === null) bound.set(order(file), file);
      if (bound.size > MOST_FILES) throw tooMany();
    }
  }
  for (const place of deleted) {
    const file = await bind(place, cwd, signal, () => digests);
    const known = [...bound.values()].some(
      (each) => each.realPath === file?.realPath && each.sha256 !== null,
    );
    if (file !== undefined && !known) bound.set(order(file), file);
  }
  return [...bound.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
};

const order = ({ path: name, realPath }: BoundFile): string => `${realPath}\n${name}`;

/** Looks up what a call names, on this machine. @param mostBelow files below all folders that it names. */
export const createCallInspector = (mostBelow = MOST_BELOW): CallInspector => ({
  inspect: async (call, place, signal): Promise<InspectedCall> => {
    signal.throwIfAborted();
    const cwd = await realPlace(place.cwd);
    const worktree = await realPlace(place.worktree);
    const { names, env } = await namedBy(call, cwd, worktree);
    const files = await boundOf(names, deletedBy(call, cwd), { cwd, worktree, mostBelow }, signal);
    return {
      call: { tool: call.tool, input: inputSchema.parse(call.input), cwd, env, files },
      touches: await touchedBy(call, cwd, worktree, signal),
      diff: await callDiff(call, cwd, signal),
    };
  },
});
