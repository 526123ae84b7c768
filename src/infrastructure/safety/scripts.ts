import { type Lookups, lookupsNeeded } from '../../domain/safety/judge.ts';
import { MOST_DEPTH } from '../../domain/safety/shell/syntax/walk.ts';
import type { ToolCall } from '../../domain/safety/verdict.ts';
import { packageScript } from './packageScripts.ts';

type ScriptTexts = {
  /** Texts by their keys, as far as they exist. */
  readonly scripts: ReadonlyMap<string, string>;
  /** By the same keys: the folder that a text is read from. */
  readonly folders: ReadonlyMap<string, string>;
  readonly needed: Lookups;
};

/**
 * The texts of all package scripts, recipes and the like that a call runs. A text names further scripts: asked for
 * until there is nothing new, or the judge would not read on.
 */
export const lookUpScripts = async (call: ToolCall, cwd: string): Promise<ScriptTexts> => {
  const scripts = new Map<string, string>();
  const folders = new Map<string, string>();
  let needed = lookupsNeeded(call, cwd, scripts);
  for (let round = 0; round < MOST_DEPTH; round++) {
    for (const effect of needed.effects)
      if (effect.type === 'script' && !folders.has(effect.key)) folders.set(effect.key, effect.cwd);
    const missing = needed.scripts.filter((key) => !scripts.has(key) && folders.has(key));
    let found = false;
    for (const key of missing) {
      const text = await packageScript(key);
      if (text === undefined) continue;
      scripts.set(key, text);
      found = true;
    }
    if (!found) break;
    needed = lookupsNeeded(call, cwd, scripts);
  }
  return { scripts, folders, needed };
};
