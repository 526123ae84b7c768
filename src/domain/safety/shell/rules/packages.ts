import { isUncertain } from '../../markers.ts';
import { scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable, risk, script, under } from '../rule.ts';

type Launcher = { readonly values?: string; readonly scripts?: string };

/** `npx x …`, `poetry run x …`: the words after the launcher's own options are a command. */
const launches = (args: readonly string[], { values, scripts }: Launcher = {}): readonly Finding[] => {
  const scan = scanOptions(args, {
    values: values ?? 'p c package call w workspace C prefix with from python',
    stopAtOperand: true,
  });
  // `npx rimraf@5`: the version is no part of the name.
  const words = scan.rest.map((word, at) => (at === 0 ? word.replace(/(?<=.)@[^/]*$/u, '') : word));
  return [
    ...(words.length > 0 ? [argv(words)] : []),
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
  (call: Invocation): readonly Finding[] => {
    const scan = scanOptions(call.args, { values: GLOBAL_VALUES, stopAtOperand: true });
    const [command = '', ...rest] = scan.rest;
    if (launchers.includes(command)) return launches(rest);
    if (command === 'npm') return manager(launchers)({ ...call, args: rest });
    const [sub = ''] = rest;
    if (PUBLISHES.has(command) && !rest.includes('--dry-run') && !['ls', 'list'].includes(sub))
      return [high('remote-destroy', 'it changes what a registry shows to everyone')];
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
  if (command === 'uninstall') return [high('delete', 'it uninstalls packages')];
  return command === 'cache' && ['purge', 'remove'].includes(sub)
    ? [high('delete', 'it deletes a cache that others use')]
    : [];
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
  return removes || removesByFlag
    ? [high('system', 'it removes software from the machine')]
    : [risk('command', 'MEDIUM', 'it changes the software of the machine')];
};

export const PACKAGE_RULES: RuleTable = {
  npm: { base: 'MEDIUM', findings: manager(['exec', 'x']) },
  pnpm: { base: 'MEDIUM', findings: manager(['exec', 'dlx']) },
  yarn: { base: 'MEDIUM', findings: manager(['exec', 'dlx']) },
  cargo: { base: 'MEDIUM', findings: manager([]) },
  poetry: { base: 'MEDIUM', findings: manager(['run']) },
  uv: {
    base: 'MEDIUM',
    findings: (call) => {
      const [first = '', second = '', ...rest] = call.args;
      if (first === 'tool' && second === 'run') return launches(rest);
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
    findings: (call) =>
      launches(call.name === 'pipx' && call.args[0] === 'run' ? call.args.slice(1) : call.args),
  }),
  pip: { base: 'MEDIUM', findings: pip },
  ...under('gem twine flit', {
    base: 'MEDIUM',
    findings: (call) =>
      ['push', 'yank', 'upload', 'publish', 'uninstall', 'cleanup'].includes(call.args[0] ?? '')
        ? [high('remote-destroy', 'it publishes or removes a package')]
        : [],
  }),
  ...under(
    'apt apt-get aptitude yum dnf zypper apk pacman dpkg rpm brew snap flatpak port choco winget scoop emerge pkg nix-env nix-collect-garbage yay paru xbps-remove swupd',
    { base: 'MEDIUM', findings: system },
  ),
  make: {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'C f I j l o W directory file eval' });
      const piped = valuesOf(scan, 'f', 'file').some(
        (file) => file === '-' || file.startsWith('/dev/') || isUncertain(file),
      );
      const unknown = high('dynamic-script', 'it runs a makefile that is known only when it runs');
      return [
        ...(piped ? [unknown] : []),
        ...valuesOf(scan, 'eval').map(
          (): Finding => high('inlineCode', 'it hands make a program by its command line'),
        ),
        ...scan.operands.flatMap((operand) => /^SHELL=(.+)$/u.exec(operand)?.[1] ?? []).map(script),
      ];
    },
  },
  go: {
    base: 'MEDIUM',
    findings: (call) =>
      call.args[0] === 'clean' && call.args.some((arg) => /cache/u.test(arg))
        ? [high('delete', 'it deletes a cache that others use')]
        : [],
  },
};
