import { DYNAMIC, isUncertain } from '../../markers.ts';
import type { Language } from '../language.ts';
import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  under,
  writes,
} from '../rule.ts';
import { agentOfFile } from './agents.ts';
import { redirected, unknownInput } from './fedInput.ts';
import { frameworkFindings } from './frameworks.ts';
import { codeFindings } from './inlineCode.ts';
import { INTERPRETERS, type Interpreter } from './interpreterTable.ts';
import { nodeScript } from './packageScripts.ts';
import { CONSOLES, moduleCall, moduleFindings, RUNNER_PROGRAMS, runnerFindings } from './pythonModules.ts';
import { printed } from './stdinText.ts';

/** perl and ruby bundle: `-pie`, `-ne`, `-i.bak`. The code is what follows a bundle that ends in `e`. */
const bundled = (call: Invocation, names: ReadonlySet<string>): readonly string[] =>
  call.args.flatMap((arg, at) =>
    /^-[a-zA-Z0-9.]*[eE]$/u.test(arg) && !names.has(arg.slice(1)) ? [call.args[at + 1] ?? ''] : [],
  );

/** Letters that perl and ruby bundle before `i`, and what they do with the files they name. */
const LOOPS = /^-[pnlwaWstTuUcS0-9]*(i|[pn])/u;

/** `perl -pi -e code files` rewrites its files, `perl -ne code files` reads them. */
const looped = (call: Invocation, kind: Interpreter): readonly Finding[] => {
  if (kind.language !== 'perl' && kind.language !== 'ruby') return [];
  // What follows `i` in a word is the suffix of the copies.
  const args = call.args.map((arg) => arg.replace(/^(-[pnlwaWstTuUcS0-9]*i).*$/u, '$1'));
  const { options, rest } = scanOptions(args, kind);
  const before = args.slice(0, args.length - rest.length);
  if (options.some(({ name }) => name === 'i')) return writes(rest);
  return before.some((arg) => LOOPS.test(arg)) ? reads(rest) : [];
};

/** The orchestrator's program by its file, with one of the commands that are for a person. */
const ownCommand = (file: string | undefined, args: readonly string[]): Finding | undefined =>
  file !== undefined &&
  /(^|\/)claude-orchestrator(\/|$)/u.test(file) &&
  /^(approve|deny|approvals|keys?|init|stop|policy|audit|setup|hook|serve)$/u.test(args[0] ?? '')
    ? critical('own-commands', "it runs the orchestrator's own commands")
    : undefined;

/** `python manage.py`, `php artisan`: the command line of an application. */
const application = (language: Language, file: string, args: readonly string[]): readonly Finding[] => {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (!['manage.py', 'artisan'].includes(name)) return [];
  const code =
    args[0] === 'shell' ? valuesOf(scanOptions(args, { values: 'c command' }), 'c', 'command') : [];
  return [
    ...frameworkFindings(name, args),
    ...code.flatMap((text) => [
      ...codeFindings(text, language),
      ...(/\.delete\s*\(/u.test(text) ? [high('database', 'it deletes or empties data in a database')] : []),
    ]),
  ];
};

/** Code on the command line; of text that is partly unknown what is there counts. */
const codeGiven = (scan: Scan, code: readonly string[], kind: Interpreter): readonly Finding[] => {
  const findings = [...new Set(code)].flatMap((text) => [
    ...codeFindings(text, kind.language),
    ...(text.startsWith(DYNAMIC) ? [high('dynamic-script', 'its code is known only when it runs')] : []),
  ]);
  const loads = valuesOf(scan, 'import', 'require', 'loader', 'experimental-loader');
  const sockets = valuesOf(scan, 'r', 'M', 'm').some((name) => /^(socket|IO::Socket|pty)/u.test(name));
  return [
    ...findings,
    ...(valuesOf(scan, 'EncodedCommand').length > 0
      ? [high('inline-code', 'its inline code hides what it calls')]
      : []),
    ...(loads.some((from) => /^(data|https?):/iu.test(from))
      ? [high('dynamic-script', 'it loads code that is no file')]
      : []),
    ...(sockets && code.length > 0 ? [high('inline-code', 'its inline code opens network connections')] : []),
  ];
};

/** What it runs where no code stands on the command line: a file, or what it is handed. */
const programGiven = (call: Invocation, scan: Scan, kind: Interpreter): readonly Finding[] => {
  const [file, ...args] = scan.rest;
  if (file === undefined || file === '-' || file === '/dev/stdin') {
    const text = printed(call);
    if (text !== undefined) return codeFindings(text, kind.language);
    return call.stdin.kind === 'pipe' && !has(scan, 'version', 'help', 'V', 'v')
      ? [unknownInput(call.name)]
      : redirected(call, kind.language);
  }
  const unknown = isUncertain(file) && file.startsWith(DYNAMIC) && call.stdin.kind === 'none';
  return [
    ...application(kind.language, file, args),
    ...(unknown ? [] : reads([file])),
    { is: 'execute', path: file, as: kind.language },
  ];
};

/** The rule of an interpreter: its code is read, its script is run. */
export const interpreter =
  (kind: Interpreter) =>
  (call: Invocation): readonly Finding[] => {
    const module = kind.language === 'python' ? moduleCall(call.args) : undefined;
    if (module !== undefined && !CONSOLES.has(module.name)) return moduleFindings(module.name, module.args);
    const scan = scanOptions(call.args, kind);
    const [file, ...args] = scan.rest;
    const own = ownCommand(file, args);
    if (own !== undefined) return [own];
    const agent = agentOfFile(file ?? '', args);
    if (agent.length > 0) return agent;
    const task = kind.language === 'javascript' ? nodeScript(call.args) : undefined;
    if (task !== undefined) return task;
    const names = new Set(kind.code.split(' ').filter((name) => name !== ''));
    const code = [
      ...valuesOf(scan, ...names),
      ...(['perl', 'ruby', 'javascript'].includes(kind.language) ? bundled(call, names) : []),
    ];
    return [
      ...codeGiven(scan, code, kind),
      ...looped(call, kind),
      ...(code.length > 0 ? [] : programGiven(call, scan, kind)),
    ];
  };

/** `R CMD x`: another program of R's, or a script without a screen. */
const statistics = (call: Invocation): readonly Finding[] => {
  const [first, command = '', ...rest] = call.args;
  const kind = INTERPRETERS.r;
  if (kind === undefined) return [];
  if (first !== 'CMD')
    return [
      ...interpreter(kind)(call),
      ...valuesOf(scanOptions(call.args, kind), 'f', 'file').map(
        (path): Finding => ({ is: 'execute', path, as: 'other' }),
      ),
    ];
  if (command === 'BATCH') {
    const [file = ''] = scanOptions(rest).operands;
    return [...reads([file]), { is: 'execute', path: file, as: 'other' }];
  }
  return /^(INSTALL|REMOVE|check|build|config|Rd2\w*|Rdconv|SHLIB|COMPILE|LINK|Stangle|Sweave)$/u.test(
    command,
  )
    ? []
    : [argv([command, ...rest])];
};

export const INTERPRETER_RULES: RuleTable = {
  ...Object.fromEntries(
    Object.entries(INTERPRETERS).map(([name, kind]) => [
      name,
      { base: 'MEDIUM', findings: interpreter(kind) } as const,
    ]),
  ),
  ...under('r littler', { base: 'MEDIUM', findings: statistics }),
  ...under(RUNNER_PROGRAMS, {
    base: 'MEDIUM',
    findings: (call) => runnerFindings(call.name, call.args),
  }),
  crystal: {
    base: 'MEDIUM',
    findings: (call) => (call.args[0] === 'eval' ? codeFindings(call.args.slice(1).join(' '), 'rare') : []),
  },
};
