import { scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, script, writes } from '../rule.ts';

/** A program that stands before the one that was built: `exec ./program`. */
const before = (command: string): Finding => script(`${command} ./program`);

const CARGO_RUNS =
  /(^|\.)(runner|linker|rustc|rustdoc|rustc-wrapper|rustc-workspace-wrapper|credential-provider|credential-process|askpass)\s*=\s*([\s\S]+)$/u;

/** A string or a list of TOML as words of a command line. */
const tomlWords = (value: string): string =>
  value
    .replaceAll(/["'[\]]/gu, ' ')
    .replaceAll(',', ' ')
    .trim();

/** What cargo starts by its options, or under its name; `words` stand behind `cargo`. */
export const cargoRuns = (words: readonly string[]): readonly Finding[] => {
  const end = words.indexOf('--');
  const own = scanOptions(end === -1 ? words : words.slice(0, end), {
    values: 'config Z C p j F target features manifest-path package bin example test bench profile color',
  });
  return [
    ...valuesOf(own, 'config').flatMap((setting) => {
      const value = CARGO_RUNS.exec(setting)?.[3];
      return value === undefined ? [] : [before(tomlWords(value))];
    }),
    ...(words[0] === 'watch' ? [argv(['cargo-watch', ...words.slice(1)])] : []),
  ];
};

const GO_RUNS = /^--?(exec|toolexec|vettool)(?:=([\s\S]*))?$/u;
const GO_WRITES =
  /^--?(o|coverprofile|cpuprofile|memprofile|blockprofile|mutexprofile|trace)(?:=([\s\S]*))?$/u;
/** Settings of the user by which go starts other programs from then on. */
const GO_SETTINGS = /^(GOFLAGS|CC|CXX|FC|AR|GCCGO|PKG_CONFIG|GOTOOLCHAIN|GOROOT)=./u;

const goValues = (args: readonly string[], option: RegExp): readonly string[] =>
  args.flatMap((arg, at) => {
    const found = option.exec(arg);
    return found === null ? [] : [found[2] ?? args[at + 1] ?? ''];
  });

/** What go starts by its options, and the files that they name. */
export const goRuns = (call: Invocation): readonly Finding[] => {
  const [command = '', ...rest] = call.args;
  if (command === 'env')
    return rest.includes('-w') && rest.some((arg) => GO_SETTINGS.test(arg))
      ? [high('system', "it changes what go starts, in the user's settings")]
      : [];
  if (!['run', 'test', 'build', 'install', 'vet', 'list', 'get', 'generate'].includes(command)) return [];
  const end = rest.findIndex((arg) => /^--?args$/u.test(arg));
  const args = end === -1 ? rest : rest.slice(0, end);
  return [...goValues(args, GO_RUNS).map(before), ...writes(goValues(args, GO_WRITES))];
};

/** `npm explore PACKAGE -- command`: a shell reads the words behind the package. */
export const explores = (args: readonly string[]): readonly Finding[] => {
  const words = scanOptions(args, { values: 'shell', stopAtOperand: true }).rest.slice(1);
  const command = words[0] === '--' ? words.slice(1) : words;
  return command.length === 0 ? [] : [script(command.join(' '))];
};
