import { isUncertain } from '../../markers.ts';
import { argv, type Finding, type Invocation, script } from '../rule.ts';

/** Of a longer command line only the beginning is looked at. */
const MOST_WORDS = 64;

/** Names that hardly stand in a command line but to be run. */
const PROGRAM = /^(rm|rmdir|unlink|shred|git|xargs|dd|mkfs(\.\w+)?|doas)$/u;
const BY_FOLDER = /^\/(usr\/)?(local\/)?s?bin\/[\w.+-]+$/u;
/** Names of languages and shells are values of options everywhere: with code behind them they are run. */
const RUNS_CODE = /^(ba|z|da|k|a)?sh$|^(python|perl|ruby|node|php)[\d.]*$/u;
const CODE_OPTION = /^-\w*[ce]$/u;

const COMMAND_OPTION = /^--?(exec|cmd|command|run|shell|on-?change|hook|script|[xce])(?:=([\s\S]*))?$/u;
const COMMAND_TEXT =
  /^\s*(\S*\/)?(rm|rmdir|unlink|shred|git|xargs|dd|sudo|doas|env|find|((ba|z|da|k|a)?sh|python[\d.]*|perl|ruby|node|php)\s+-\w*[ce])\s/u;

const startsAt = (args: readonly string[], names: RegExp): number =>
  args.findIndex(
    (arg, at) =>
      names.test(arg) || BY_FOLDER.test(arg) || (RUNS_CODE.test(arg) && CODE_OPTION.test(args[at + 1] ?? '')),
  );

/**
 * What a program that no table knows may start: the words behind `--`, those from the name of a program on, and
 * the value of an option that holds a command. Launchers are more than any table names.
 * @param names programs by which a command begins without a `--`
 */
export const launchedBy = (call: Invocation, names: RegExp = PROGRAM): readonly Finding[] => {
  const args = call.args.slice(0, MOST_WORDS);
  const end = args.indexOf('--');
  const behind = end === -1 ? [] : call.args.slice(end + 1);
  const [first = '-'] = behind;
  const before = end === -1 ? args : args.slice(0, end);
  const at = startsAt(before, names);
  const texts = before.flatMap((arg, index) => {
    const found = COMMAND_OPTION.exec(arg);
    const text = found === null ? '' : (found[2] ?? before[index + 1] ?? '');
    return COMMAND_TEXT.test(text) ? [script(text)] : [];
  });
  return [
    ...(first.startsWith('-') || isUncertain(first) ? [] : [argv(behind)]),
    ...(at === -1 ? [] : [argv(call.args.slice(at))]),
    ...texts,
  ];
};

/** Verbs of a program of the worktree's own may be called `rm`. */
export const launchedByOwn = (call: Invocation): readonly Finding[] => launchedBy(call, /^(git|xargs)$/u);
