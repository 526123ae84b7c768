import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import type { Finding } from '../rule.ts';

/** Sub-commands that are scripts of the package by another name. */
const SHORT: Readonly<Record<string, string>> = {
  test: 'test',
  t: 'test',
  tst: 'test',
  start: 'start',
  stop: 'stop',
  restart: 'restart',
};

const RUN: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn']);

/** Sub-commands of yarn, pnpm and bun that are no scripts: a script of the same name needs `run`. */
const OWN: ReadonlySet<string> = new Set(
  'add audit autoclean bin build cache check config create dedupe deploy dlx doctor env exec explain fetch generate-lock-entry global help i import info init install install-test it licenses link list ll login logout ls node npm outdated owner pack patch patch-commit patch-remove pm plugin prune publish rb rebuild recursive remove repl rm root search self-update server set setup stage store tag team test unlink uninstall unplug unset up update upgrade upgrade-interactive version versions view why workspace workspaces x'.split(
    ' ',
  ),
);

/** `--workspace x`, `--filter x`: the script of another package, which the text does not place. */
const ELSEWHERE = ['w', 'workspace', 'workspaces', 'ws', 'filter', 'F', 'r', 'recursive'] as const;

/**
 * The script that `npm run x`, `npm test`, `yarn x` and their kin run, or undefined where they run none. One
 * whose package is not known is an ordinary command.
 */
export const packageScript = (manager: string, scan: Scan): readonly Finding[] | undefined => {
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(manager)) return undefined;
  const [command = '', ...rest] = scan.rest;
  const bare = manager === 'npm' || OWN.has(command) || command === '' ? undefined : command;
  // npm reads its options behind the script's name, too; the others hand them to the script.
  const values = 'w workspace filter F C prefix dir cwd';
  const given = scanOptions(rest, manager === 'npm' ? { values } : { values, stopAtOperand: true });
  const name = RUN.has(command) ? given.operands[0] : (SHORT[command] ?? bare);
  if (name === undefined) return undefined;
  if (has(scan, ...ELSEWHERE) || has(given, ...ELSEWHERE)) return [];
  const cwd = [scan, given].flatMap((each) => valuesOf(each, 'C', 'prefix', 'dir', 'cwd')).at(-1);
  return [{ is: 'package-script', kind: 'npm', name, ...(cwd === undefined ? {} : { cwd }) }];
};

/** Targets of a makefile or its like; the first one is the default. */
export const targets = (kind: string, names: readonly string[], cwd?: string): readonly Finding[] => {
  const plain = names.filter((name) => !name.includes('='));
  return (plain.length === 0 ? [''] : plain).map((name) => ({
    is: 'package-script',
    kind,
    name,
    ...(cwd === undefined ? {} : { cwd }),
  }));
};
