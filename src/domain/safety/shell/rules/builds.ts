import { isUncertain } from '../../markers.ts';
import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable, script, under } from '../rule.ts';
import { makeValue } from './makeText.ts';
import { buildTargets } from './scriptCalls.ts';

const ASSIGNS = /^([^\s=:?+!#]+)\s*(?::{1,3}|\?|\+|(!))?=(.*)$/su;
const SHELLS = /^(|((\/usr)?\/bin\/(env )?)?(ba|z|da|k)?sh)$/u;

const unknown = high('dynamic-script', 'it runs a makefile that is known only when it runs');
const another = high('dynamic-script', 'it gives its recipes another shell');

/** Folders one after the other, each seen from the one before. */
const chained = (folders: readonly string[]): string | undefined =>
  folders.reduce<string | undefined>(
    (before, next) => (before === undefined || next.startsWith('/') ? next : `${before}/${next}`),
    undefined,
  );

type Words = { readonly targets: readonly string[]; readonly variables: Readonly<Record<string, string>> };

const sorted = (operands: readonly string[]): Words => {
  const assigned = operands.flatMap((word) => {
    const [, name, , value = ''] = ASSIGNS.exec(word) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return {
    targets: operands.filter((word) => !ASSIGNS.test(word)),
    variables: Object.fromEntries(assigned),
  };
};

const isPiped = (file: string): boolean => file === '-' || file.startsWith('/dev/') || isUncertain(file);

/** `make X=y`: what the value does by itself. */
const assignedFindings = (operand: string): readonly Finding[] => {
  const [, name = '', runs, value = ''] = ASSIGNS.exec(operand) ?? [];
  if (runs !== undefined) return [script(value)];
  if (name === 'SHELL') return SHELLS.test(value) ? [] : [another, script(value)];
  if (name === '.SHELLFLAGS') return /^(-\w+ |-o pipefail |-o errexit )*-\w*c$/u.test(value) ? [] : [another];
  return makeValue(value);
};

const MAKE = {
  values:
    'C f I o W E O directory file makefile include-dir old-file assume-old new-file assume-new what-if eval shuffle temp-stdin jobserver-auth jobserver-style sync-mutex',
  flags:
    'j l b m B d e i k L n p q r R s S t v w always-make jobs load-average max-load debug environment-overrides ignore-errors keep-going just-print dry-run recon silent quiet touch trace warn-undefined-variables no-print-directory print-directory no-builtin-rules no-builtin-variables output-sync question check-symlink-times',
} as const;

const make = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, MAKE);
  const files = valuesOf(scan, 'f', 'file', 'makefile');
  // `-j 4`: the number is no target.
  const operands = scan.operands.filter((word) => !/^\d+(\.\d+)?$/u.test(word));
  const { targets, variables } = sorted(operands);
  return [
    ...(files.some(isPiped)
      ? [unknown]
      : buildTargets(
          'make',
          { targets: [...targets], files: [...files], variables: { ...variables } },
          chained(valuesOf(scan, 'C', 'directory')),
        )),
    ...(has(scan, 'E') || valuesOf(scan, 'eval').length > 0
      ? [high('inline-code', 'it hands make a program by its command line')]
      : []),
    ...operands.flatMap(assignedFindings),
  ];
};

/** Options by which just only shows something. */
const SHOWS = ['list', 'l', 'summary', 'show', 's', 'dump', 'evaluate', 'variables', 'groups'] as const;

const folderIn = (scan: Scan, ...names: readonly string[]): string | undefined =>
  valuesOf(scan, ...names).at(-1);

const just = (call: Invocation): readonly Finding[] => {
  // `--set NAME VALUE` has two values.
  const at = call.args.indexOf('--set');
  const set = at === -1 ? [] : call.args.slice(at + 1, at + 3);
  const args = at === -1 ? call.args : [...call.args.slice(0, at), ...call.args.slice(at + 3)];
  const scan = scanOptions(args, {
    values:
      'f d E justfile working-directory shell shell-arg dotenv-path dotenv-filename chooser color command-color dump-format list-heading list-prefix tempdir timestamp-format',
    flags:
      'n q u v l c g dry-run quiet unstable verbose list command clear-shell-args shell-command yes no-deps choose',
    stopAtOperand: true,
  });
  if (has(scan, 'c', 'command')) return scan.rest.length > 0 ? [argv(scan.rest)] : [];
  if (has(scan, ...SHOWS)) return [];
  const given = scan.rest.findIndex((word) => !ASSIGNS.test(word));
  const cut = given === -1 ? scan.rest.length : given;
  const { variables } = sorted([
    ...scan.rest.slice(0, cut),
    ...(set.length === 2 ? [`${set[0] ?? ''}=${set[1] ?? ''}`] : []),
  ]);
  const files = valuesOf(scan, 'f', 'justfile');
  const shells = valuesOf(scan, 'shell').some((shell) => !SHELLS.test(shell));
  return [
    ...(files.some(isPiped) ? [unknown] : []),
    ...(shells ? [another] : []),
    ...buildTargets(
      'just',
      { targets: scan.rest.slice(cut), files: [...files], variables: { ...variables } },
      folderIn(scan, 'd', 'working-directory'),
    ),
  ];
};

const task = (call: Invocation): readonly Finding[] => {
  const end = call.args.indexOf('--');
  const scan = scanOptions(end === -1 ? call.args : call.args.slice(0, end), {
    values: 't d o C I taskfile dir output concurrency interval sort',
    flags: 'a f g l n p s v w x y',
  });
  if (has(scan, 'l', 'list', 'a', 'list-all', 'summary')) return [];
  const files = valuesOf(scan, 't', 'taskfile');
  const { targets, variables } = sorted(scan.operands);
  const rest: Record<string, string> = end === -1 ? {} : { CLI_ARGS: call.args.slice(end + 1).join(' ') };
  return [
    ...(files.some((file) => isPiped(file) || /^\w+:/u.test(file)) ? [unknown] : []),
    ...buildTargets(
      'task',
      { targets: [...targets], files: [...files], variables: { ...variables, ...rest } },
      folderIn(scan, 'd', 'dir'),
    ),
  ];
};

export const BUILD_RULES: RuleTable = {
  ...under('make gmake', { base: 'MEDIUM', findings: make }),
  just: { base: 'MEDIUM', findings: just },
  ...under('task go-task', { base: 'MEDIUM', findings: task }),
};
