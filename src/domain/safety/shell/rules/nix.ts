import { isUncertain } from '../../markers.ts';
import { scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable } from '../rule.ts';
import { byVerb } from './default.ts';

const NIX_VALUES =
  'f file I include expr arg argstr A option override-input update-input log-format k keep s set-env-var u unset profile inputs-from redirect phase j max-jobs cores system eval-store reference-lock-file';

const FOREIGN = high('download-run', 'it runs what it fetches from a place that is no registry of packages');

/** `github:owner/name`, an address: whoever wrote it decides what runs. */
const isForeign = (installable: string): boolean =>
  /^(github|gitlab|sourcehut|git\+|https?|tarball|hg\+|file\+http)/u.test(installable) ||
  isUncertain(installable);

/** `nixpkgs#git` → git, as far as the name tells. */
const programOf = (installable: string): string | undefined => {
  const attribute = /#([^^]+)/u.exec(installable)?.[1];
  return attribute === undefined || attribute === 'default' ? undefined : attribute.split('.').at(-1);
};

const nix = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: `${NIX_VALUES} extra-experimental-features`,
    stopAtOperand: true,
  });
  const [command = '', ...given] = scan.rest;
  if (!['shell', 'develop', 'run', 'fmt'].includes(command)) return byVerb({ ...call, args: scan.rest });
  // All behind `-c` is the command.
  const at = command === 'run' ? -1 : given.findIndex((arg) => /^(-\w?c|--command)$/u.test(arg));
  const own = scanOptions(at === -1 ? given : given.slice(0, at), {
    values: NIX_VALUES,
    ...(command === 'run' ? { stopAtOperand: true } : {}),
  });
  const [first = '', ...args] = own.operands;
  const program = command === 'run' ? programOf(first) : undefined;
  const plain = args[0] === '--' ? args.slice(1) : args;
  return [
    ...(own.operands.slice(0, command === 'run' ? 1 : undefined).some(isForeign) ? [FOREIGN] : []),
    ...(at === -1 ? [] : [argv(given.slice(at + 1))]),
    ...(program === undefined ? [] : [argv([program, ...plain])]),
    ...(valuesOf(own, 'expr').length > 0 && command === 'run' ? [FOREIGN] : []),
  ];
};

/** `guix shell … -- command`; `guix time-machine … -- shell …` is another guix. */
const guix = (call: Invocation): readonly Finding[] => {
  const [command = ''] = call.args;
  const end = call.args.indexOf('--');
  const behind = end === -1 ? [] : call.args.slice(end + 1);
  if (command === 'time-machine') return behind.length === 0 ? [] : [argv(['guix', ...behind])];
  return behind.length === 0 ? byVerb(call) : [argv(behind)];
};

/** Package managers that start a command among the packages that they name. */
export const NIX_RULES: RuleTable = {
  nix: { base: 'MEDIUM', findings: nix },
  guix: { base: 'MEDIUM', findings: guix },
};
