import { DYNAMIC, GLOB } from '../../markers.ts';
import { has, mayBeOption, scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  deletes,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  readsTree,
  under,
  writes,
} from '../rule.ts';

/** Predicates of find that take one argument. */
const ONE = new Set(
  'name iname path ipath wholename iwholename lname ilname regex iregex regextype type xtype size empty? mtime atime ctime mmin amin cmin newer anewer cnewer newermt newerct user group uid gid perm maxdepth mindepth samefile inum links fstype used printf context files0-from D'.split(
    ' ',
  ),
);

/** Programs that tell of a file no more than find itself does. */
const NAMES =
  /^(\/?([\w-]+\/)*)?(ls|echo|printf|stat|basename|dirname|realpath|readlink|test|\[|du|touch|chmod|chown|rm|rmdir|unlink)$/u;

/** True for a command that says of files no more than that they are there. */
export const tellsNames = (words: readonly string[]): boolean => NAMES.test(words[0] ?? '');

/** `find ~ | xargs cat`: what the next program opens lies below the folders that find went through. */
export const handedOver = (from: readonly string[], words: readonly string[]): readonly Finding[] => {
  const [name = '', ...args] = from;
  if (!/^(.*\/)?(g?find|bfs)$/u.test(name) || tellsNames(words)) return [];
  const end = args.findIndex((arg) => /^-\w{2,}|^[!(]$/u.test(arg));
  return readsTree((end === -1 ? args : args.slice(0, end)).filter((arg) => !arg.startsWith('-')));
};

const execFindings = (
  args: readonly string[],
  at: number,
  roots: readonly string[],
): { findings: readonly Finding[]; next: number } => {
  let end = at + 1;
  while (end < args.length && args[end] !== ';' && !(args[end] === '+' && args[end - 1] === '{}')) end += 1;
  const given = args.slice(at + 1, end);
  // For `rm {}` the folder that find looks in says enough.
  const [root] = roots;
  const removed =
    roots.length === 1 && root !== undefined && /^(\/?([\w-]+\/)*)?(rm|rmdir|unlink)$/u.test(given[0] ?? '');
  const words = given.map((word) =>
    removed && word === '{}' ? `${root}/${GLOB}` : word.replaceAll('{}', DYNAMIC),
  );
  return { findings: [argv(words)], next: end };
};

const findRule = (call: Invocation): readonly Finding[] => {
  const { args } = call;
  const findings: Finding[] = [];
  const roots: string[] = [];
  const lists: string[] = [];
  let takes = false;
  let started = false;
  let erases = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const name = arg.replace(/^-/u, '');
    if (['-exec', '-execdir', '-ok', '-okdir'].includes(arg)) {
      const exec = execFindings(args, at, roots);
      findings.push(...exec.findings);
      takes ||= !tellsNames(args.slice(at + 1));
      at = exec.next;
    } else if (arg === '-delete') erases = true;
    else if (['-fprint', '-fprint0', '-fls', '-fprintf'].includes(arg)) {
      findings.push(...writes([args[at + 1] ?? '']));
      at += arg === '-fprintf' ? 2 : 1;
    } else if (arg.startsWith('-') && ONE.has(name)) {
      if (name === 'files0-from') lists.push(args[at + 1] ?? '');
      started = true;
      at += 1;
    } else if (mayBeOption(arg) && (started || (arg === DYNAMIC && at > 0)))
      findings.push(high('dynamic-command', 'what find does is known only when it runs'));
    else if (arg.startsWith('-') && arg.length > 2) started = true;
    else if (!started && !arg.startsWith('-') && !'!(),'.includes(arg)) roots.push(arg);
  }
  // All of a folder counts as lost: which of its files match is known only when it runs.
  return [
    ...readsTree(roots, takes),
    ...reads(lists),
    ...findings,
    ...(erases ? deletes(roots.length > 0 ? roots : ['.']) : []),
  ];
};

/** fd: `-x`/`-X` run the rest of the line. */
const fdRule = (call: Invocation): readonly Finding[] => {
  const at = call.args.findIndex((arg) => /^(-[a-zA-Z]*[xX]|--exec|--exec-batch)(=|$)/u.test(arg));
  if (at === -1) {
    const scan = scanOptions(call.args, { values: 't e E d s c S max-depth type extension exclude' });
    return [
      ...reads(scan.operands.slice(1)),
      ...(has(scan, 'base-directory') ? reads(valuesOf(scan, 'base-directory')) : []),
    ];
  }
  const attached = /=(.*)$/u.exec(call.args[at] ?? '')?.[1];
  const words = [...(attached === undefined ? [] : [attached]), ...call.args.slice(at + 1)].map((word) =>
    word.replaceAll(/\{\/{0,2}\.?\}/gu, DYNAMIC),
  );
  const folders = scanOptions(call.args.slice(0, at), {
    values: 't e E d s c S max-depth type extension exclude',
  });
  return [
    ...readsTree(folders.operands.slice(1), !tellsNames(words)),
    argv([...words, ...(words.includes(DYNAMIC) ? [] : [DYNAMIC])]),
  ];
};

export const FIND_RULES: RuleTable = {
  ...under('find gfind bfs', { base: 'SAFE', findings: findRule }),
  ...under('fd fdfind', { base: 'SAFE', findings: fdRule }),
};
