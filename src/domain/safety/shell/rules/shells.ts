import { isUncertain } from '../../markers.ts';
import { has, scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable, reads, script, under } from '../rule.ts';
import { redirected, unknownInput } from './fedInput.ts';
import { printed } from './stdinText.ts';

const SHELL_VALUES = 'O o c init-file rcfile';

/** bash, sh and their kin: `-c`, a script file, or what comes by standard input. */
const shell = (call: Invocation): readonly Finding[] => {
  const args = call.args.map((arg) => arg.replace(/^\+/u, '-'));
  // `-lc`, `-ec`: the letters may be bundled; the script is the first operand after all options.
  const scan = scanOptions(args, { values: SHELL_VALUES.replace(' c', ''), stopAtOperand: true });
  const rc = valuesOf(scan, 'init-file', 'rcfile').flatMap((path): readonly Finding[] => [
    { is: 'read', path },
    { is: 'execute', path, as: 'shell' },
  ]);
  if (has(scan, 'c')) return [...rc, script(scan.rest[0] ?? ''), ...named(scan.rest.slice(2), scan.rest[0])];
  // A lone dash only ends the options.
  const [file] = scan.rest[0] === '-' ? scan.rest.slice(1) : scan.rest;
  if (file !== undefined && !has(scan, 's')) {
    if (isUncertain(file) || /^\/(dev|proc)\//u.test(file)) {
      const text = /^\/dev\/stdin$/u.test(file) ? printed(call) : undefined;
      return [
        text === undefined
          ? high('dynamic-script', 'it runs a script that is known only when it runs')
          : script(text),
      ];
    }
    return [...rc, ...reads([file]), { is: 'execute', path: file, as: 'shell' }];
  }
  const text = printed(call);
  if (text !== undefined) return [...rc, script(text)];
  return call.stdin.kind === 'pipe' ? [unknownInput(call.name)] : [...rc, ...redirected(call, 'shell')];
};

/** `sh -c '"$@"' _ rm x`: arguments that the script runs as a command. */
const named = (args: readonly string[], text = ''): readonly Finding[] =>
  /\$[@*1]/u.test(text) && args.length > 0 && /(^|[;&|\n]|\bexec|\beval)\s*"?\$[@*1]/u.test(text)
    ? [argv(args)]
    : [];

/** `newgrp docker`: a shell with the rights of another group, which reads what it is handed. */
const newGroup = (call: Invocation): readonly Finding[] => shell({ ...call, args: [] });

/** `capsh -- -c 'x'`: what stands behind the dashes is the command line of a shell. */
const withCapabilities = (call: Invocation): readonly Finding[] => {
  const at = call.args.findIndex((arg) => /^(--|==|-\+|=\+)$/u.test(arg));
  if (at === -1) return [];
  const args = call.args.slice(at + 1);
  return /^=/u.test(call.args[at] ?? '') ? [argv(['capsh', ...args])] : [argv(['bash', ...args])];
};

export const SHELL_RULES: RuleTable = {
  ...under('bash sh zsh dash ksh mksh ash fish csh tcsh rbash', { base: 'MEDIUM', findings: shell }),
  newgrp: { base: 'MEDIUM', findings: newGroup },
  capsh: { base: 'MEDIUM', findings: withCapabilities },
};
