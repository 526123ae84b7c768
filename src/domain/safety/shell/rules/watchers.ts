import { scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, type Invocation, type RuleTable, script, under } from '../rule.ts';

const nodemon = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'x e w i d C V exec ext watch ignore delay signal config cwd',
    stopAtOperand: true,
  });
  const exec = valuesOf(scan, 'x', 'exec');
  return exec.length > 0 ? exec.map(script) : scan.rest.length > 0 ? [argv(['node', ...scan.rest])] : [];
};

/** `chokidar 'src/**' -c 'command'`. */
const chokidar = (call: Invocation): readonly Finding[] =>
  valuesOf(
    scanOptions(call.args, { values: 'c d t i command debounce throttle ignore polling-interval' }),
    'c',
    'command',
  ).map(script);

/** `onchange 'src/**' -- command`, `reflex -r x -- command`. */
const behindDashes = (call: Invocation): readonly Finding[] => {
  const at = call.args.indexOf('--');
  const scan = scanOptions(at === -1 ? call.args : call.args.slice(0, at), {
    values:
      'r R g G c d a i j e f k s o add initial delay exclude filter regex glob inverse-regex inverse-glob decoration',
    stopAtOperand: true,
  });
  const words = at === -1 ? (call.name === 'reflex' ? scan.rest : []) : call.args.slice(at + 1);
  return words.length === 0 ? [] : words.length === 1 ? words.map(script) : [argv(words)];
};

/** `cargo watch -x check -s 'command' -- command`: `-x` is a command of cargo. */
const cargoWatch = (call: Invocation): readonly Finding[] => {
  const args = call.args[0] === 'watch' ? call.args.slice(1) : call.args;
  const at = args.indexOf('--');
  const scan = scanOptions(at === -1 ? args : args.slice(0, at), {
    values: 'x s C w i d L E features exec shell workdir watch ignore delay use-shell env notify-command',
  });
  return [
    ...valuesOf(scan, 's', 'shell').map(script),
    ...valuesOf(scan, 'x', 'exec').map((command) => script(`cargo ${command}`)),
    ...(at === -1 ? [] : [argv(args.slice(at + 1))]),
  ];
};

/** Programs that run a command anew whenever files change. */
export const WATCHER_RULES: RuleTable = {
  nodemon: { base: 'MEDIUM', findings: nodemon },
  ...under('chokidar chokidar-cli', { base: 'MEDIUM', findings: chokidar }),
  ...under('onchange reflex', { base: 'MEDIUM', findings: behindDashes }),
  'cargo-watch': { base: 'MEDIUM', findings: cargoWatch },
};
