import { stat } from 'node:fs/promises';
import {
  CALLS,
  packageCallSchema,
  type TargetsCall,
  targetsCallSchema,
} from '../../domain/safety/shell/rules/scriptCalls.ts';
import { justText } from './justfile.ts';
import { readMakefiles } from './makefiles.ts';
import { packageText } from './packageTexts.ts';
import { recipeOf } from './recipe.ts';
import { taskText } from './taskfile.ts';

/** Folder and name out of `npm:<absolute folder>:<script>`: both may hold colons, a folder exists. */
const placesOf = (rest: string): readonly (readonly [folder: string, name: string])[] =>
  [...rest.matchAll(/:/gu)].map(({ index }) => [rest.slice(0, index), rest.slice(index + 1)]);

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

type Reader = (folder: string, name: string) => Promise<string | undefined>;
type TargetReader = (folder: string, call: TargetsCall) => Promise<string | undefined>;

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const makeText: TargetReader = async (folder, call) => {
  const read = await readMakefiles(folder, call.files);
  return read === undefined ? undefined : recipeOf(read.text, call);
};

const byName =
  (read: TargetReader): Reader =>
  (folder, name) =>
    read(folder, { targets: name === '' ? [] : [name], files: [], variables: {} });

const byCall =
  (read: TargetReader): Reader =>
  async (folder, name) => {
    const call = targetsCallSchema.safeParse(json(name));
    return call.success ? read(folder, call.data) : undefined;
  };

/** Readers of what runs, by the kinds of keys. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['npm', (folder, name) => packageText(folder, { names: [name], args: [], of: 'here' })],
  [
    CALLS.npm,
    async (folder, name) => {
      const call = packageCallSchema.safeParse(json(name));
      return call.success ? packageText(folder, call.data) : undefined;
    },
  ],
  ['make', byName(makeText)],
  [CALLS.make, byCall(makeText)],
  ['just', byName(justText)],
  [CALLS.just, byCall(justText)],
  ['task', byName(taskText)],
  [CALLS.task, byCall(taskText)],
]);

/**
 * What a package's script runs, with what npm runs before and after it, or what make and its like run for targets.
 * @param key `<kind>:<absolute folder>:<name>`: a script or a target, or a whole call as JSON (scriptCalls.ts); no
 *   target is the first one.
 * @returns shell text; undefined where there is no such script, or nobody can say from the text what it runs.
 */
export const packageScript = async (key: string): Promise<string | undefined> => {
  const at = key.indexOf(':/');
  const read = READERS.get(key.slice(0, at));
  if (at === -1 || read === undefined) return undefined;
  for (const [folder, name] of placesOf(key.slice(at + 1))) {
    if (!(await isFolder(folder))) continue;
    const text = await read(folder, name);
    if (text !== undefined) return text;
  }
  return undefined;
};
