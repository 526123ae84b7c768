import type { SimpleCommand } from '../command.ts';
import type { Place } from '../rule.ts';
import type { EffectLog } from './effectLog.ts';
import type { MadeFiles } from './madeFiles.ts';
import type { NewLinks } from './newLinks.ts';
import type { PathEffects } from './pathEffects.ts';

/** Texts of package scripts by key: `npm:<absolute folder>:<script>`. */
export type Scripts = ReadonlyMap<string, string>;

/** One analysis, as those see it who apply findings: what it has learnt, and how it goes deeper. */
export type Analyzer = {
  readonly start: string;
  readonly scripts: Scripts;
  readonly log: EffectLog;
  readonly links: NewLinks;
  readonly paths: PathEffects;
  readonly files: MadeFiles;
  /** Where the commands run that are judged just now, if not here. */
  readonly place: Place | undefined;
  /** Some text gives names of commands another meaning. */
  readonly renames: boolean;
  readonly script: (text: string, cwd: string | undefined, depth: number) => void;
  readonly invoke: (command: SimpleCommand, depth: number) => void;
  readonly elsewhere: (place: Place | undefined, judgeThere: () => void) => void;
  /** What was judged already counts once more from here on. */
  readonly forgetRepeats: () => void;
};
