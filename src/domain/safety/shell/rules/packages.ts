import { has, scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  risk,
  script,
  under,
} from '../rule.ts';
import { KNOWN_TOOLS } from './knownTools.ts';
import { packageScript, placed, runsIn } from './packageScripts.ts';
import { settingFindings } from './packageSettings.ts';
import { cargoRuns, explores, goRuns } from './toolchains.ts';

type Launcher = {
  readonly values?: string;
  readonly scripts?: string;
  /** It fetches what is not there, and asks nobody; `yes` where an option says so. */
  readonly fetches?: 'always' | 'yes';
  /** Where the command runs, if not here. */
  readonly cwd?: string | undefined;
};

/** `rimraf@5`, `ruff==0.4`: the version is no part of the name. */
const unversioned = (name: string): string => name.replace(/(?<=.)(@[^/]*|[=<>~!]=?.*)$/u, '');

/** `npx x …`, `poetry run x …`: the words after the launcher's own options are a command. */
const launches = (
  args: readonly string[],
  { values, scripts, fetches, cwd }: Launcher = {},
): readonly Finding[] => {
  const scan = scanOptions(args, {
    values: values ?? 'p c package call w workspace C prefix with from python',
    stopAtOperand: true,
  });
  const words = scan.rest.map((word, at) => (at === 0 ? unversioned(word) : word));
  const named = valuesOf(scan, 'p', 'package', 'from', 'spec', 'with');
  const fetched = (named.length > 0 ? named : words.slice(0, 1)).map(unversioned);
  const asksNobody = fetches === 'always' || (fetches === 'yes' && has(scan, 'y', 'yes'));
  return [
    ...(asksNobody && fetched.some((name) => !KNOWN_TOOLS.has(name) && !/^\.{0,2}\//u.test(name))
      ? [high('download-run', 'it fetches a package and runs it, and asks nobody')]
      : []),
    ...(words.length > 0 ? [{ is: 'argv', words, ...(cwd === undefined ? {} : { cwd }) } as const] : []),
    ...valuesOf(scan, ...(scripts ?? 'c call').split(' ')).map(script),
    ...valuesOf(scan, 'p', 'package').flatMap((name) =>
      /rimraf|del-cli|trash/u.test(name) ? [high('delete', 'it runs a program that deletes')] : [],
    ),
  ];
};

const PUBLISHES = new Set([
  'publish',
  'unpublish',
  'deprecate',
  'owner',
  'access',
  'yank',
  'login',
  'logout',
  'adduser',
  'token',
  'dist-tag',
  'star',
  'profile',
  'team',
  'org',
  'upload',
]);

const GLOBAL_VALUES = 'C prefix dir cwd filter F w workspace manifest-path color directory project registry';

/** A package manager: its launchers are unwrapped, its publishing refused, the rest is ordinary work. */
const manager =
  (launchers: readonly string[]) =>
  (call: Invocation): readonly Finding[] => [
    ...settingFindings(placed(call.name, call.args)?.scans ?? []),
    ...managed(launchers, call),
  ];

const managed = (launchers: readonly string[], call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: GLOBAL_VALUES, stopAtOperand: true });
  const where = placed(call.name, call.args);
  const command = where?.command ?? scan.rest[0] ?? '';
  const rest = where?.rest ?? scan.rest.slice(1);
  if (launchers.some((name) => name === command || (name === 'exec' && /^exe?$/u.test(command)))) {
    const yes = call.name === 'npm' && (where?.scans ?? []).some((each) => has(each, 'y', 'yes'));
    const cwd = where === undefined ? undefined : runsIn(where);
    return launches(rest, { fetches: command === 'dlx' || yes ? 'always' : 'yes', cwd });
  }
  if (call.name === 'npm' && /^explor?e?$/u.test(command)) return explores(rest);
  const runs = PUBLISHES.has(command) ? undefined : packageScript(call.name, call.args);
  if (runs !== undefined) return runs;
  if (command === 'npm') return managed(launchers, { ...call, name: 'npm', args: rest });
  const [sub = ''] = rest;
  const shows =
    ['ls', 'list', 'get', 'whoami'].includes(sub) || rest.some((arg) => /^(--help|-h|--dry-run)$/u.test(arg));
  if (PUBLISHES.has(command) && !shows)
    return ['unpublish', 'deprecate', 'yank'].includes(command)
      ? [critical('remote-destroy', 'it takes a package away from everyone')]
      : [high('publish', 'it changes what a registry shows to everyone')];
  if (
    ['cache', 'store'].includes(command) &&
    ['clean', 'clear', 'rm', 'prune', 'purge', 'delete'].includes(sub)
  )
    return [high('delete', 'it deletes a cache that others use')];
  if (command === 'config' || command === 'set')
    return ['list', 'ls', 'get'].includes(sub)
      ? []
      : [high('system', "it changes the user's package settings")];
  return [];
};

const pip = (call: Invocation): readonly Finding[] => {
  const [command = '', sub = ''] = scanOptions(call.args).operands;
  if (command === 'uninstall' && !call.args.includes('--help'))
    return [high('delete', 'it uninstalls packages')];
  return command === 'cache' && ['purge', 'remove'].includes(sub)
    ? [high('delete', 'it deletes a cache that others use')]
    : [];
};

/** Short options by which a package manager only says what it would do. */
const TRIES: Readonly<Record<string, RegExp>> = {
  apt: /^-[a-z]*s/u,
  'apt-get': /^-[a-z]*s/u,
  aptitude: /^-[a-z]*s/u,
  brew: /^-n$/u,
  pacman: /^-R\w*p/u,
  dpkg: /^-[clLsSIx]$/u,
  apk: /^-s$/u,
};

/** Packages of the machine: installing is watched, removing refused. */
const system = (call: Invocation): readonly Finding[] => {
  const words = scanOptions(call.args, { values: 'o c t option config-file root' }).operands;
  const flags = call.args.filter((arg) => /^-[A-Za-z]/u.test(arg));
  const removes = words
    .slice(0, 2)
    .some((word) =>
      /^(remove|purge|autoremove|autopurge|erase|uninstall|clean|autoclean|delete|del|rm|cleanup|prune|unlink|zap|distupgrade|dist-upgrade|full-upgrade|unpin|untap|garbage-collect|gc)$/u.test(
        word,
      ),
    );
  const removesByFlag =
    /^(pacman|dpkg|rpm|yay|paru|nix-env|nix-collect-garbage|emerge)$/u.test(call.name) &&
    (flags.some((flag) =>
      /^(-R\w*|-e|-r|-P|-C|-c|--remove|--purge|--erase|--unmerge|--depclean|--delete\S*|-d|-Sc+)$/u.test(
        flag,
      ),
    ) ||
      call.args.some((arg) => /^--(remove|purge|erase|uninstall|unmerge|depclean|delete)/u.test(arg)) ||
      call.name === 'nix-collect-garbage');
  // It says what it would do.
  const tries =
    call.args.some((arg) => /^--(dry-run|simulate|just-print|no-act|recon|help|test|print)$/u.test(arg)) ||
    flags.some((flag) => TRIES[call.name]?.test(flag) === true);
  return (removes || removesByFlag) && !tries
    ? [high('system', 'it removes software from the machine')]
    : [risk('command', 'MEDIUM', 'it changes the software of the machine')];
};

export const PACKAGE_RULES: RuleTable = {
  npm: { base: 'MEDIUM', findings: manager(['exec', 'x']) },
  pnpm: { base: 'MEDIUM', findings: manager(['exec', 'dlx']) },
  yarn: { base: 'MEDIUM', findings: manager(['exec', 'dlx']) },
  cargo: {
    base: 'MEDIUM',
    findings: (call) => {
      const words = call.args[0]?.startsWith('+') === true ? call.args.slice(1) : call.args;
      // Programs of their own that cargo starts under its name.
      return ['sqlx', 'diesel'].includes(words[0] ?? '')
        ? [argv(words)]
        : [...cargoRuns(words), ...manager([])(call)];
    },
  },
  poetry: { base: 'MEDIUM', findings: manager(['run']) },
  uv: {
    base: 'MEDIUM',
    findings: (call) => {
      const [first = '', second = '', ...rest] = call.args;
      if (first === 'tool' && second === 'run') return launches(rest, { fetches: 'always' });
      if (first === 'pip') return pip({ ...call, args: [second, ...rest] });
      return manager(['run', 'x'])(call);
    },
  },
  ...under('pipenv pdm rye hatch bundle mise asdf nix-shell conda mamba', {
    base: 'MEDIUM',
    findings: (call) => {
      const [first = '', second = ''] = call.args;
      if (
        ['remove', 'uninstall'].includes(first) ||
        (first === 'env' && second === 'remove') ||
        ['--rm', 'clean', 'clobber'].includes(first)
      )
        return [high('delete', 'it removes packages or environments')];
      if (call.name === 'nix-shell')
        return valuesOf(scanOptions(call.args, { values: 'run command p' }), 'run', 'command').map(script);
      return manager(['run', 'exec', 'x'])(call);
    },
  }),
  ...under('npx bunx pipx uvx pnpx', {
    base: 'MEDIUM',
    findings: (call) => {
      const runs = call.name === 'pipx' && call.args[0] === 'run';
      return launches(runs ? call.args.slice(1) : call.args, {
        fetches: runs || ['uvx', 'pnpx'].includes(call.name) ? 'always' : 'yes',
      });
    },
  }),
  pip: { base: 'MEDIUM', findings: pip },
  ...under('gem twine flit', {
    base: 'MEDIUM',
    findings: (call) =>
      ['push', 'yank', 'upload', 'publish', 'uninstall', 'cleanup'].includes(call.args[0] ?? '')
        ? [high('publish', 'it publishes or removes a package')]
        : [],
  }),
  ...under(
    'apt apt-get aptitude yum dnf zypper apk pacman dpkg rpm brew snap flatpak port choco winget scoop emerge pkg nix-env nix-collect-garbage yay paru xbps-remove swupd',
    { base: 'MEDIUM', findings: system },
  ),
  go: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args[0] === 'clean' && call.args.some((arg) => /^--?(mod|fuzz)?cache$/u.test(arg))
        ? [high('delete', 'it deletes a cache that others use')]
        : goRuns(call),
  },
};
