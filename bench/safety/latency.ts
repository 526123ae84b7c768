import { median } from '../measure/figure.ts';
import { isStopped, judgeCommand } from './judged.ts';

export type Latency = { readonly median: number; readonly p99: number; readonly most: number };

/** Processor time of this thread, so that what else the machine does is not counted. Milliseconds. */
const used = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const once = (command: string): number => {
  const started = used();
  judgeCommand(command);
  return used() - started;
};

/** By the clock: the processor's account is too coarse for a short command. */
const timed = (command: string): number => {
  const started = performance.now();
  judgeCommand(command);
  return performance.now() - started;
};

/** Milliseconds a command, each the median of five judgements after two rounds of warm-up. */
export const latencyOf = (commands: readonly string[]): Latency => {
  for (let round = 0; round < 2; round++) for (const command of commands) judgeCommand(command);
  const times = commands.map((command) => median(Array.from({ length: 5 }, () => timed(command))));
  const sorted = [...times].sort((a, b) => a - b);
  return {
    median: median(times),
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    most: sorted.at(-1) ?? 0,
  };
};

export const SIZE = 64 * 1024;
const fill = (piece: string, size = SIZE): string =>
  piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const nested = (open: string, middle: string, close: string): string => {
  const times = Math.floor((SIZE - middle.length) / (open.length + close.length));
  return `${open.repeat(times)}${middle}${close.repeat(times)}`;
};

/** Inputs of 64 kB made to be slow, by the part of the reader that each one strains. */
const ADVERSARIAL: Readonly<Record<string, string>> = {
  'nested $(': nested('$(', 'ls', ')'),
  'nested "$(': nested('"$(', 'ls', ')"'),
  'open $(': fill('$('),
  'open "$(': fill('"$('),
  'many $(ls)': fill('$(ls) '),
  'many <(ls)': `cat ${fill('<(ls) ', SIZE - 6)}`,
  '10,000 pipes': `${'a|'.repeat(10_000)}a`,
  '10,000 && ': `${'a&&'.repeat(10_000)}a`,
  'many ;': fill('a;'),
  'many lines': fill('a\n'),
  'single quotes': fill("''"),
  'quoted words': fill("'a' "),
  'double quotes': fill('"a"b'),
  'open quotes': fill('\'"'),
  'nested subshells': nested('(', 'ls', ')'),
  'nested groups': nested('{ ', 'ls', ';}'),
  'nested if': nested('if ', 'a', ';then b;fi'),
  'nested arithmetic': `echo ${nested('$((', '1', '))').slice(0, SIZE - 8)}`,
  'brace expansion': `echo ${fill('{a,b}', SIZE - 8)}`,
  'nested braces': `echo ${nested('{a,', 'b', '}').slice(0, SIZE - 8)}`,
  backticks: fill('`ls` '),
  'open backticks': fill('`'),
  'escaped backticks': fill('\\`'),
  heredocs: fill('cat <<E\nx\nE\n'),
  'open heredocs': fill('cat <<E\n'),
  'heredocs on a line': `cat ${fill('<<E ', SIZE - 4)}`,
  'long wildcard word': `rm ${fill('*', SIZE - 4)}`,
  'wildcard words': `ls ${fill('a*b? ', SIZE - 4)}`,
  'long word': `ls ${fill('a', SIZE - 4)}`,
  'long path': `cat ${fill('../', SIZE - 4)}`,
  'many paths': `rm ${fill('../a ', SIZE - 4)}`,
  'many words': `echo ${fill('a ', SIZE - 6)}`,
  'many options': `git commit ${fill('-a ', SIZE - 12)}`,
  'one long option': `git commit -${fill('a', SIZE - 14)}`,
  'many variables': fill('a=b$a '),
  'variables that grow': fill('a=$a$a;'),
  'parameter expansions': `echo ${fill(`\${a:-b}`, SIZE - 8)}`,
  'nested expansions': `echo ${nested(`\${a:-`, 'b', '}').slice(0, SIZE - 8)}`,
  redirections: `ls ${fill('>a ', SIZE - 4)}`,
  comments: fill('#a\n'),
  'nested eval': fill('eval '),
  'wrappers in a row': fill('env '),
  'unknown options of wrappers': fill('timeout --x y '),
  'find with many -exec': `find . ${fill('-exec ls {} ; '.replace(';', '\\;'), SIZE - 8)}`,
  'xargs in a row': fill('xargs -I{} '),
  'python code': `python -c '${fill('os.a(b);', SIZE - 16)}'`,
  'python quotes': `python -c '${fill('"\\', SIZE - 16)}'`,
  'sed programs': `sed '${fill('s/a/b/;', SIZE - 8)}' f`,
  'sed separators': `sed '${fill('s,', SIZE - 8)}' f`,
  'awk programs': `awk '${fill('{print "a" | "b"}', SIZE - 8)}' f`,
  'awk quotes': `awk '${fill('"', SIZE - 8)}' f`,
  'sql statements': `psql -c "${fill('select 1;', SIZE - 12)}"`,
  'sql comments': `psql -c "${fill('/*', SIZE - 12)}"`,
  'sql with': `psql -c "with ${fill(') ', SIZE - 16)}"`,
  'editor commands': `vim -c '${fill('w a|', SIZE - 12)}' f`,
  'loops of loops': nested('for i in a b c;do ', 'ls', ';done'),
  'case arms': `case x in ${fill('a) b;; ', SIZE - 20)} esac`,
  functions: fill('f(){ f;};'),
  links: fill('ln -s .. a;'),
  folders: fill('cd ..;'),
  downloads: fill('curl -o a u;'),
  deletes: fill('rm a;'),
};

/** Milliseconds, the median of five judgements, by input. */
export const adversarial = (): readonly {
  readonly name: string;
  readonly ms: number;
  readonly stopped: boolean;
}[] =>
  Object.entries(ADVERSARIAL).map(([name, text]) => ({
    name,
    ms: median(Array.from({ length: 5 }, () => once(text))),
    stopped: isStopped(judgeCommand(text).risk),
  }));

/** A command of 1 MB. @returns milliseconds until it was refused. */
export const oversize = (): { readonly ms: number; readonly stopped: boolean } => {
  const text = `ls ${'a '.repeat(512 * 1024)}`;
  return {
    ms: Math.max(...Array.from({ length: 3 }, () => once(text))),
    stopped: isStopped(judgeCommand(text).risk),
  };
};
