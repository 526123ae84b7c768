import { DYNAMIC, isDynamic, isUncertain, SPLIT } from '../../markers.ts';
import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable, reads, script, under } from '../rule.ts';
import { handedOver } from './find.ts';
import { printed } from './stdinText.ts';

const PARALLEL = {
  values:
    'j I a P n N L s S D d C M jobs arg-file max-args colsep delimiter joblog results tmpdir wd timeout delay retries halt',
  flags: 'k q v X m u t 0 z dry-run keep-order bar eta progress line-buffer ungroup will-cite',
} as const;

const CONCURRENTLY = { values: 'n c names prefix-colors p prefix m s success', flags: 'k r raw' } as const;

const MOST_RUNS = 32;
const MOST_TEXT = 4_096;

/** The items that xargs reads where the text shows them all; it has quotes and escapes of its own, left alone. */
const itemsOf = (call: Invocation, scan: Scan, lines: boolean): readonly string[] | undefined => {
  const text = has(scan, 'a', 'arg-file') ? undefined : printed(call);
  const from = call.stdin.kind === 'pipe' ? (call.stdin.from?.words ?? []) : [];
  if (text === undefined || text.length > MOST_TEXT || isUncertain(text) || text.includes(SPLIT))
    return undefined;
  if (/["'\\\ufffd]/u.test(text) || from.some((word) => word.includes('\\'))) return undefined;
  if (has(scan, 'd', 'delimiter', '0', 'null', 'E', 'e', 'eof', 's', 'max-chars')) return undefined;
  return text
    .split(lines ? /\n/u : /\s+/u)
    .map((item) => item.trim())
    .filter((item) => item !== '');
};

/** Words of each command that xargs builds of items that are known; undefined where it takes too many. */
const filled = (scan: Scan, items: readonly string[], replaced: string | undefined) => {
  if (replaced !== undefined)
    return items.length > MOST_RUNS
      ? undefined
      : items.map((item) => scan.rest.map((word) => word.replaceAll(replaced, item)));
  const most = Number(valuesOf(scan, 'n', 'max-args', 'L', 'max-lines').at(-1) ?? items.length) || 1;
  const runs = Math.max(1, Math.ceil(items.length / most));
  return runs > MOST_RUNS
    ? undefined
    : Array.from({ length: runs }, (_, at) => [...scan.rest, ...items.slice(at * most, (at + 1) * most)]);
};

/** xargs adds words that are known only when it runs, unless the text shows what it reads. */
const xargs = (call: Invocation): readonly Finding[] => {
  const operand = call.args.findIndex((arg) => !arg.startsWith('-'));
  // `-i` takes its value only attached.
  const args = call.args.map((arg, at) =>
    operand === -1 || at < operand ? arg.replace(/^-i(?=.)/u, '-I') : arg,
  );
  const scan = scanOptions(args, {
    values:
      'I J R S a d E L n P s arg-file delimiter max-args max-lines max-procs max-chars process-slot-var',
    flags: '0 r t p x o i e l null no-run-if-empty verbose interactive exit open-tty',
    stopAtOperand: true,
  });
  const [first] = scan.rest;
  if (first === undefined) return [];
  const replaced =
    valuesOf(scan, 'I', 'J', 'replace').at(-1) ?? (has(scan, 'i', 'replace') ? '{}' : undefined);
  const items = scan.unknown.length > 0 ? undefined : itemsOf(call, scan, replaced !== undefined);
  const commands = items === undefined ? undefined : filled(scan, items, replaced);
  if (commands !== undefined) return commands.map(argv);
  const opened = [
    ...reads(valuesOf(scan, 'a', 'arg-file')),
    ...handedOver(call.stdin.kind === 'pipe' ? (call.stdin.from?.words ?? []) : [], scan.rest),
  ];
  const words =
    replaced === undefined
      ? [...scan.rest, DYNAMIC]
      : scan.rest.map((word) => word.replaceAll(replaced, DYNAMIC));
  return [
    ...opened,
    argv(words),
    ...(scan.unknown.length > 0 && words.length > 1 ? [argv(words.slice(1))] : []),
  ];
};

/** For a shell; a marker of the home folder stays what it is. */
const quotedFor = (text: string): string =>
  isUncertain(text) || /^[\w./:=@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const PLACE = /\{[#%/.]{0,3}\d*[./]{0,3}\}/gu;

const parallel = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { ...PARALLEL, stopAtOperand: true });
  const cut = scan.rest.findIndex((word) => /^:::[:+]*$/u.test(word));
  const command = (cut === -1 ? scan.rest : scan.rest.slice(0, cut)).map((word) =>
    word.replaceAll(PLACE, DYNAMIC),
  );
  const inputs = cut === -1 ? [] : scan.rest.slice(cut + 1).filter((word) => !/^::/u.test(word));
  // Without a command its inputs are the commands.
  if (command.length === 0)
    return inputs.length > 0
      ? inputs.map(script)
      : [high('dynamic-script', 'it runs commands that are known only when it runs')];
  const words = command.join(' ').split(/\s+/u);
  // A shell reads the words, each input quoted for it; words of several words mean to stay whole.
  const filled = inputs.flatMap((input) => [
    argv([...(command.some(isDynamic) ? words : command), input]),
    ...(command.some(isDynamic) ? [] : [script([...command, quotedFor(input)].join(' '))]),
  ]);
  const known = inputs.length > 0 && command.every((word) => !word.includes(DYNAMIC));
  return [...(known ? [] : [argv(words.includes(DYNAMIC) ? words : [...words, DYNAMIC])]), ...filled];
};

/** `sem -j 4 'command'`: parallel that takes one command and reads nothing. */
const semaphore = (call: Invocation): readonly Finding[] => {
  const { rest } = scanOptions(call.args, {
    ...PARALLEL,
    values: `${PARALLEL.values} id semaphorename semaphoretimeout st`,
    flags: `${PARALLEL.flags} fg bg wait semaphore`,
    stopAtOperand: true,
  });
  return rest.length === 0 ? [] : rest.some(isDynamic) ? [argv(rest)] : [script(rest.join(' '))];
};

/** `stack exec -- command`, `lerna exec 'command'`. */
const executes = (call: Invocation): readonly Finding[] => {
  const values = 'package scope ignore concurrency since stack-yaml resolver rts-options builddir';
  const outer = scanOptions(call.args, { values, stopAtOperand: true });
  if (outer.rest[0] === 'publish' && call.name === 'lerna' && !call.args.includes('--dry-run'))
    return [high('publish', 'it changes what a registry shows to everyone')];
  if (outer.rest[0] !== 'exec') return [];
  const { rest } = scanOptions(outer.rest.slice(1), { values, stopAtOperand: true });
  return rest.length === 1 ? rest.map(script) : rest.length === 0 ? [] : [argv(rest)];
};

const concurrently = (call: Invocation): readonly Finding[] =>
  scanOptions(call.args, CONCURRENTLY).operands.map(script);

/** Programs that build commands from what they read, or from their own words. */
export const LAUNCHER_RULES: RuleTable = {
  xargs: { base: 'SAFE', findings: xargs },
  parallel: { base: 'MEDIUM', findings: parallel },
  concurrently: { base: 'MEDIUM', findings: concurrently },
  sem: { base: 'MEDIUM', findings: semaphore },
  ...under('stack cabal lerna', { base: 'MEDIUM', findings: executes }),
};
