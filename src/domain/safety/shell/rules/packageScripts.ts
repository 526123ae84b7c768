import { DYNAMIC } from '../../markers.ts';
import { has, type OptionSpec, type Scan, scanOptions, valuesOf } from '../options.ts';
import type { Finding } from '../rule.ts';
import { isOwn, MANAGERS, type Manager, RUN, SHORT } from './packageManagers.ts';
import { type PackageCall, packageScripts } from './scriptCalls.ts';

const FOLDERS = ['C', 'prefix', 'dir', 'cwd'] as const;

/** Of `yarn workspaces foreach`: which packages, and how. */
const FOREACH = { values: 'from include exclude j jobs', flags: 'A a all p parallel t topological R W v i' };

/** Where a package manager's call does its work, and what is left of it. */
export type Placed = {
  readonly command: string;
  readonly rest: readonly string[];
  readonly cwd: string | undefined;
  readonly of: PackageCall['of'];
  readonly scans: readonly Scan[];
};

const folderOf = (scans: readonly Scan[]): string | undefined =>
  scans.flatMap((scan) => valuesOf(scan, ...FOLDERS)).at(-1);

const selectedBy = (manager: Manager, scans: readonly Scan[]): Placed['of'] => {
  const selected = scans.flatMap((scan) => valuesOf(scan, ...manager.selects));
  if (selected.length > 0) return selected;
  // A name cut short selects as well.
  return scans.some((scan) => has(scan, ...manager.all)) ? 'all' : 'here';
};

/** `-ws` is one option and no bundle. */
const spelled = (arg: string): string =>
  arg === '-ws' ? '--workspaces' : arg === '-iwr' ? '--include-workspace-root' : arg;

/** What a call of npm, pnpm, yarn or bun is about; undefined for other programs. */
export const placed = (name: string, args: readonly string[]): Placed | undefined => {
  const manager = MANAGERS.get(name);
  if (manager === undefined) return undefined;
  const spec = { values: manager.values, flags: manager.flags };
  const before = scanOptions(args.map(spelled), { ...spec, stopAtOperand: true });
  const [command = '', ...rest] = before.rest;
  const inner = scanOptions(rest, manager.readsAll === true ? spec : { ...spec, stopAtOperand: true });
  const scans =
    RUN.test(command) || manager.readsAll === true || isOwn(name, command) ? [before, inner] : [before];
  const here: Placed = { command, rest, cwd: folderOf(scans), of: selectedBy(manager, scans), scans };
  if (name !== 'yarn') return here;
  const [word = '', ...others] = rest;
  if (command === 'workspace')
    return { ...here, command: others[0] ?? '', rest: others.slice(1), of: [word] };
  if (command !== 'workspaces') return here;
  const each = scanOptions(word === 'foreach' ? others : rest, { ...FOREACH, stopAtOperand: true });
  const [first = '', ...words] = each.rest;
  return { ...here, command: first, rest: words, of: 'all' };
};

/**
 * The script that `npm run x`, `npm test`, `yarn x` and their kin run, or undefined where they run none. One
 * whose package is not known is an ordinary command.
 */
export const packageScript = (name: string, args: readonly string[]): readonly Finding[] | undefined => {
  const manager = MANAGERS.get(name);
  const call = placed(name, args);
  if (manager === undefined || call === undefined) return undefined;
  const { command, rest, cwd, of } = call;
  if (RUN.test(command)) {
    const spec = { values: manager.values, flags: manager.flags };
    const given = manager.readsAll === true ? scanOptions(rest, spec).operands : afterOptions(rest, spec);
    const [script, ...words] = given;
    return script === undefined ? undefined : packageScripts({ names: [script], args: words, of }, cwd);
  }
  const isShort = !manager.bare || isOwn(name, command) || command === 't';
  const short = isShort ? SHORT.find(([names]) => names.test(command))?.[1] : undefined;
  if (short !== undefined) {
    const words = manager.readsAll === true ? scanOptions(rest, manager).operands : rest;
    return packageScripts({ names: [...short], args: short.length === 1 ? [...words] : [], of }, cwd);
  }
  if (!manager.bare || isOwn(name, command) || command === '') return undefined;
  return packageScripts({ names: [command], args: [...rest], of }, cwd);
};

const afterOptions = (args: readonly string[], spec: OptionSpec): readonly string[] =>
  scanOptions(args, { ...spec, stopAtOperand: true }).rest;

/** The folder that a program runs in by `npm exec -w x`, `pnpm -r exec`: unknown where it is another package's. */
export const runsIn = ({ cwd, of }: Placed): string | undefined => (of === 'here' ? cwd : DYNAMIC);

/** `node --run x`, behind whatever other options. */
export const nodeScript = (args: readonly string[]): readonly Finding[] | undefined => {
  const at = args.findIndex((arg) => arg === '--run' || arg.startsWith('--run='));
  const operand = args.findIndex((arg) => !arg.startsWith('-'));
  // Behind the program's own file the option is that file's; before it may stand another option's value.
  if (at === -1 || (operand !== -1 && operand < at - 1)) return undefined;
  const [written = '', ...after] = args.slice(at);
  const [name = '', ...words] = written.includes('=') ? [written.slice('--run='.length), ...after] : after;
  return packageScripts(
    { names: [name], args: words.filter((word, index) => word !== '--' || index > 0), of: 'here' },
    undefined,
  );
};

/** `bun run x`, `bun --filter a x`: a script unless it names a file; `bun test` and the like are its own. */
export const bunScript = (args: readonly string[]): readonly Finding[] | undefined => {
  const call = placed('bun', args);
  if (call === undefined) return undefined;
  const scan = scanOptions(call.rest, { values: MANAGERS.get('bun')?.values ?? '', stopAtOperand: true });
  const name = RUN.test(call.command) ? (scan.rest[0] ?? '') : call.command;
  const isFile = /[./]/u.test(name) && call.of === 'here';
  const runs = call.scans.some((each) => has(each, 'e', 'eval', 'p', 'print'));
  return isFile || runs || name === '' || isOwn('bun', call.command) ? undefined : packageScript('bun', args);
};
