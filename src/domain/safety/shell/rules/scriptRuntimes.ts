import { scanOptions } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable } from '../rule.ts';
import { codeFindings } from './inlineCode.ts';
import { interpreter } from './interpreters.ts';
import { BUN } from './interpreterTable.ts';
import { bunScript } from './packageScripts.ts';

/** Sub-commands of runtimes that run other programs or code. */
const deno = (call: Invocation): readonly Finding[] => {
  const [command, ...rest] = call.args;
  if (command === 'task')
    return scanOptions(rest, { stopAtOperand: true, values: 'cwd c config' })
      .rest.slice(0, 1)
      .map((name) => ({ is: 'package-script', kind: 'deno', name }));
  if (command === 'publish') return [high('publish', 'it changes what a registry shows to everyone')];
  if (command === 'eval') return codeFindings(scanOptions(rest).operands.join(' '));
  const [main = '', ...args] = scanOptions(rest, {
    stopAtOperand: true,
    values: 'config c L import-map lock seed',
  }).rest;
  // A package by its name is the program of that name.
  if (command === 'run' && main.startsWith('npm:'))
    return [argv([main.slice('npm:'.length).replace(/(?<=.)@[^/]*$/u, ''), ...args])];
  return command === 'run' && rest.some((arg) => /^https?:/u.test(arg))
    ? [high('download-run', 'it runs code from the network')]
    : command === 'run'
      ? scanOptions(rest)
          .operands.slice(0, 1)
          .map((path) => ({ is: 'execute', path, as: 'javascript' }))
      : [];
};

const bun = (call: Invocation): readonly Finding[] => {
  const [command, ...rest] = call.args;
  if (command === 'x') return [argv(scanOptions(rest, { stopAtOperand: true }).rest)];
  const runs = bunScript(call.args);
  if (runs !== undefined) return runs;
  if (
    /^(add|install|i|remove|rm|update|upgrade|init|create|link|unlink|pm|outdated|test|build)$/u.test(
      command ?? '',
    )
  )
    return [];
  if (command === 'publish') return [high('publish', 'it changes what a registry shows to everyone')];
  return interpreter(BUN)(call);
};

export const SCRIPT_RUNTIME_RULES: RuleTable = {
  deno: { base: 'MEDIUM', findings: deno },
  bun: { base: 'MEDIUM', findings: bun },
};
