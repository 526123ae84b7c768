import { scanOptions, valuesOf } from '../../domain/safety/shell/options.ts';
import { ENV, WRAPPERS, type Wrapper } from '../../domain/safety/shell/rules/wrapperTable.ts';
import { plainName } from './runnerTable.ts';

/** A program that a command starts, itself or by another one. */
export type Launched = {
  readonly words: readonly string[];
  /** Folders that wrappers go to first, as they name them. */
  readonly folders: readonly string[];
  /** It runs in whatever folder something is found. */
  readonly anywhere: boolean;
  /** What stands for what is found as it runs; without it that comes behind the words. */
  readonly filled: { readonly by: string | undefined } | undefined;
};

const XARGS: Wrapper = {
  values: 'I J R S a d E L n P s arg-file delimiter max-args max-lines max-procs max-chars process-slot-var',
  flags: '0 r t p x o i e l null no-run-if-empty verbose interactive exit open-tty',
};
const PARALLEL: Wrapper = { values: 'j I a P n N L s S D d C M jobs', flags: 'k q v X m u t 0 z' };
const FILLERS: Readonly<Record<string, Wrapper>> = { xargs: XARGS, parallel: PARALLEL };

const MOST_WRAPPERS = 16;

/** The commands behind `-exec`, `-okdir` and the like. */
const foundBy = (words: readonly string[], folders: readonly string[]): readonly Launched[] =>
  words.flatMap((word, at): readonly Launched[] => {
    const [, , dir] = /^-(exec|ok)(dir)?$/u.exec(word) ?? [];
    if (!/^-(exec|ok)(dir)?$/u.test(word)) return [];
    const rest = words.slice(at + 1);
    const end = rest.findIndex((each) => each === ';' || each === '+');
    const inner = end === -1 ? rest : rest.slice(0, end);
    return launchedBy(inner, folders).map((each) => ({
      ...each,
      anywhere: each.anywhere || dir !== undefined,
      filled: { by: '{}' },
    }));
  });

/** Programs that a command starts: the last behind its wrappers, or each that it runs for what it finds. */
export const launchedBy = (
  words: readonly string[],
  folders: readonly string[] = [],
  depth = 0,
): readonly Launched[] => {
  const name = plainName(words[0] ?? '');
  if (name === 'find') return foundBy(words, folders);
  const filler = Object.hasOwn(FILLERS, name) ? FILLERS[name] : undefined;
  const wrapper =
    name === 'env' ? ENV : (filler ?? (Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined));
  if (wrapper === undefined || wrapper.joined === true || depth > MOST_WRAPPERS)
    return words.length === 0 ? [] : [{ words, folders, anywhere: false, filled: undefined }];
  const scan = scanOptions(words.slice(1), { ...wrapper, stopAtOperand: true });
  const skipped = wrapper.assigns === true ? scan.rest.findIndex((word) => !/^\w+=/u.test(word)) : 0;
  const rest = skipped === -1 ? [] : scan.rest.slice(skipped).slice(wrapper.own ?? 0);
  const gone = wrapper.folder === undefined ? [] : valuesOf(scan, wrapper.folder, 'chdir');
  const replaced = valuesOf(scan, 'I', 'J', 'i', 'replace').at(-1);
  return launchedBy(rest, [...folders, ...gone], depth + 1).map((each) =>
    filler === undefined ? each : { ...each, filled: { by: name === 'parallel' ? '{' : replaced } },
  );
};
