import { DYNAMIC } from '../markers.ts';

/** Which options of a program take a value, and how it writes its options. */
export type OptionSpec = {
  /** Names without dashes, apart by spaces: `u` for `-u NAME`, `user` for `--user NAME`. */
  readonly values?: string;
  /** Names of options without a value; only a wrapper's unknown options matter. */
  readonly flags?: string;
  /** `-name` is one long option, as find, java and terraform write it. */
  readonly singleDash?: true;
  /** The first operand ends the options. */
  readonly stopAtOperand?: true;
};

export type Option = {
  /** The whole name where the text cuts it short and only one can be meant. */
  readonly name: string;
  readonly written: string;
  readonly value: string | undefined;
};

export type Scan = {
  readonly options: readonly Option[];
  readonly operands: readonly string[];
  /** Options that neither `values` nor `flags` knows. */
  readonly unknown: readonly string[];
  /** With `stopAtOperand`: the first operand and all after it. */
  readonly rest: readonly string[];
};

const split = (names: string | undefined): ReadonlySet<string> =>
  new Set((names ?? '').split(' ').filter((n) => n !== ''));

/** The options that a cut name can mean: getopt_long and git take long options cut short. */
const meant = (name: string, known: ReadonlySet<string>): readonly string[] =>
  name.length < 2 ? [] : [...known].filter((whole) => whole.length > 1 && whole.startsWith(name));

/** Reads a command line by getopt's rules: bundled short options, `--name=value`, `--`. */
export const scanOptions = (args: readonly string[], spec: OptionSpec = {}): Scan => {
  const values = split(spec.values);
  const flags = split(spec.flags);
  const options: Option[] = [];
  const operands: string[] = [];
  const unknown: string[] = [];
  const take = (name: string, value: string | undefined, written = name): void => {
    options.push({ name, written, value });
    if (!values.has(name) && !flags.has(name)) unknown.push(name);
  };
  /** One that could be several keeps its cut name: those who ask for any of them get its value. */
  const takeLong = (written: string, attached: string | undefined, next: string | undefined): boolean => {
    const whole = spec.singleDash === true || values.has(written) || flags.has(written);
    const valued = whole ? [] : meant(written, values);
    const plain = whole || valued.length > 0 ? [] : meant(written, flags);
    const [only = written, ...more] = [...valued, ...plain];
    const name = more.length === 0 ? only : written;
    const takesNext = attached === undefined && (values.has(name) || valued.length > 0);
    take(name, takesNext ? next : attached, written);
    return takesNext;
  };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      return { options, operands, unknown, rest: args.slice(at + 1) };
    }
    if (arg.startsWith('--') || (spec.singleDash === true && /^-[a-zA-Z]/u.test(arg))) {
      const [written = '', ...value] = arg.replace(/^--?/u, '').split('=');
      if (takeLong(written, value.length > 0 ? value.join('=') : undefined, args[at + 1])) at += 1;
    } else if (/^-[^-]/u.test(arg) && !/^-\u0000/u.test(arg)) {
      for (let letter = 1; letter < arg.length; letter += 1) {
        const name = arg[letter] ?? '';
        if (!values.has(name)) {
          take(name, undefined);
          continue;
        }
        const attached = arg.slice(letter + 1);
        if (attached === '') at += 1;
        take(name, attached === '' ? args[at] : attached.replace(/^=/u, ''));
        break;
      }
    } else if (spec.stopAtOperand === true) {
      return { options, operands: args.slice(at), unknown, rest: args.slice(at) };
    } else operands.push(arg);
  }
  return { options, operands, unknown, rest: [] };
};

/** Whether one of the options is given. A long one counts from its first two letters, as getopt takes it. */
export const has = (scan: Scan, ...names: readonly string[]): boolean =>
  scan.options.some(({ name }) =>
    names.some(
      (wanted) => name === wanted || (name.length > 1 && wanted.length > 1 && wanted.startsWith(name)),
    ),
  );

/** Whether one of the options stands there in full: for what lowers a risk. */
export const hasExactly = (scan: Scan, ...names: readonly string[]): boolean =>
  scan.options.some(
    ({ written, value }) => names.includes(written) && !['false', 'none', '0'].includes(value ?? ''),
  );

/** A name that no list of the program's knows may be one of these, cut short. */
const mayMean = (scan: Scan, name: string, names: readonly string[]): boolean =>
  name.length > 1 && scan.unknown.includes(name) && names.some((whole) => whole.startsWith(name));

export const valuesOf = (scan: Scan, ...names: readonly string[]): readonly string[] =>
  scan.options.flatMap(({ name, value }) =>
    value !== undefined && (names.includes(name) || mayMean(scan, name, names)) ? [value] : [],
  );

/** A word that may turn out to be an option when it runs. */
export const mayBeOption = (word: string): boolean =>
  word.startsWith(DYNAMIC) || word.startsWith(`-${DYNAMIC}`);
