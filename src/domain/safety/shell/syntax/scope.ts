import { absolute, isAbsolute, normalize } from '../../lexicalPath.ts';
import { DYNAMIC, HOME, isUncertain } from '../../markers.ts';
import type { SimpleCommand, Stdin } from '../command.ts';

/** What changes while a script runs from top to bottom; a subshell works on a copy. */
export type Scope = {
  cwd: string | undefined;
  maybe: readonly (string | undefined)[];
  vars: Map<string, string>;
  /** Variables of the loops around, each with the word that is followed just now. */
  readonly loops: ReadonlyMap<string, string>;
  stdin: Stdin;
  /** Functions whose bodies are being read. */
  functions: readonly string[];
};

/** Variables whose value the judge knows without the script; a worker's TMPDIR is the system's. */
export const initialVars = (cwd: string | undefined): Map<string, string> =>
  new Map([
    ['HOME', HOME],
    ['TMPDIR', '/tmp'],
    // The process that runs the worker is none of its own, as the first one is.
    ['PPID', '1'],
    ...(cwd === undefined ? [] : [['PWD', cwd] as const]),
  ]);

export const fork = (scope: Scope): Scope => ({ ...scope, vars: new Map(scope.vars) });

const DECLARES: ReadonlySet<string> = new Set(['', 'export', 'declare', 'local', 'readonly', 'typeset']);
/** Commands that give variables a value which the text does not show. */
const REASSIGNS: ReadonlySet<string> = new Set([
  'read',
  'mapfile',
  'readarray',
  'getopts',
  'printf',
  'unset',
  'let',
]);

const folderAfter = (scope: Scope, args: readonly string[]): string | undefined => {
  const target = args.find((arg) => !/^-[LPe@n]+$/u.test(arg) && arg !== '--') ?? HOME;
  if (isUncertain(target) || target === '-') return undefined;
  if (scope.cwd === undefined && !isAbsolute(target)) return undefined;
  return normalize(absolute(scope.cwd ?? '/', target));
};

/** What the rest of the script sees of this command: folder and variables. */
export const follow = ({ words, assignments }: SimpleCommand, scope: Scope): void => {
  const [name = '', ...args] = words;
  if (DECLARES.has(name))
    for (const { name: variable, value } of assignments) {
      // Assigned twice, by whatever branch: unknown.
      // `declare -n`, `-i`: it stands for another variable, or is computed.
      const plain = !args.some((arg) => /^[-+]\w*[nilu]/u.test(arg));
      const known = plain && !scope.vars.has(variable) && !scope.vars.has('IFS') && !isUncertain(value);
      scope.vars.set(variable, known ? value : DYNAMIC);
      // An own IFS splits words otherwise than the rules do: nothing is learnt after it.
      if (variable === 'IFS') scope.vars = new Map([['IFS', DYNAMIC]]);
    }
  if (REASSIGNS.has(name)) for (const arg of args) if (scope.vars.has(arg)) scope.vars.set(arg, DYNAMIC);
  if (['eval', 'source', '.'].includes(name)) scope.vars = initialVars(undefined);
  if (name === 'cd' || name === 'pushd') {
    scope.cwd = folderAfter(scope, args);
    scope.vars.delete('PWD');
  } else if (name === 'popd') scope.cwd = undefined;
};
