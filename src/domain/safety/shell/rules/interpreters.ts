import { isDynamic, isUncertain } from '../../markers.ts';
import type { Language } from '../language.ts';
import { has, type OptionSpec, scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  critical,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  script,
  under,
  writes,
} from '../rule.ts';
import { frameworkFindings } from './frameworks.ts';
import { codeFindings } from './inlineCode.ts';
import { packageScript, targets } from './packageScripts.ts';
import { printed } from './stdinText.ts';

const unknownInput = (name: string): Finding =>
  high('dynamic-script', `${name} runs what another command hands it`);

/** `bash < file`. */
const redirected = ({ stdin }: Invocation, as: 'shell' | Language): readonly Finding[] =>
  stdin.kind === 'none' && stdin.file !== undefined ? [{ is: 'execute', path: stdin.file, as }] : [];

const SHELL_VALUES = 'O o c init-file rcfile';

/** bash, sh and their kin: `-c`, a script file, or what comes by standard input. */
const shell = (call: Invocation): readonly Finding[] => {
  const args = call.args.map((arg) => arg.replace(/^\+/u, '-'));
  // `-lc`, `-ec`: the letters may be bundled; the script is the first operand after all options.
  const scan = scanOptions(args, { values: SHELL_VALUES.replace(' c', ''), stopAtOperand: true });
  const rc = valuesOf(scan, 'init-file', 'rcfile').map((path): Finding => ({ is: 'read', path }));
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

type Interpreter = OptionSpec & {
  /** Options whose value is code. */
  readonly code: string;
  readonly language: Language;
};

const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: { code: 'c', values: 'c m W X Q', language: 'python', stopAtOperand: true },
  pypy: { code: 'c', values: 'c m W X', language: 'python', stopAtOperand: true },
  ipython: { code: 'c', values: 'c m', language: 'python', stopAtOperand: true },
  node: {
    code: 'e p eval print',
    values:
      'e p r C eval print require import loader experimental-loader env-file conditions input-type test-reporter test-name-pattern',
    language: 'javascript',
    stopAtOperand: true,
  },
  nodejs: {
    code: 'e p eval print',
    values: 'e p r eval print require import loader',
    language: 'javascript',
    stopAtOperand: true,
  },
  tsx: {
    code: 'e p eval print',
    values: 'e p eval print tsconfig',
    language: 'javascript',
    stopAtOperand: true,
  },
  'ts-node': {
    code: 'e p eval print',
    values: 'e p P eval print',
    language: 'javascript',
    stopAtOperand: true,
  },
  perl: { code: 'e E', values: 'e E I M m F l 0', language: 'perl', stopAtOperand: true },
  ruby: { code: 'e', values: 'e I r C F', language: 'ruby', stopAtOperand: true },
  php: { code: 'r B R E', values: 'r B R E d c f', language: 'php', stopAtOperand: true },
  lua: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  luajit: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  rscript: { code: 'e', values: 'e', language: 'other', stopAtOperand: true },
  osascript: { code: 'e', values: 'e l', language: 'other', stopAtOperand: true },
  julia: { code: 'e E eval print', values: 'e E eval print', language: 'other', stopAtOperand: true },
  elixir: { code: 'e eval', values: 'e eval', language: 'other', stopAtOperand: true },
  groovy: { code: 'e', values: 'e', language: 'other', stopAtOperand: true },
  pwsh: {
    code: 'c Command EncodedCommand e',
    values: 'c Command EncodedCommand e File f',
    language: 'other',
    singleDash: true,
    stopAtOperand: true,
  },
  powershell: {
    code: 'c Command command EncodedCommand e',
    values: 'c Command command EncodedCommand e File f',
    language: 'other',
    singleDash: true,
    stopAtOperand: true,
  },
  tclsh: { code: '', language: 'rare', stopAtOperand: true },
  erl: { code: 'eval', values: 'eval s pa sname name', language: 'rare', singleDash: true },
  guile: { code: 'c', values: 'c l L s', language: 'rare', stopAtOperand: true },
  clojure: { code: 'e eval', values: 'e i m eval init main', language: 'rare', stopAtOperand: true },
  clj: { code: 'e eval', values: 'e i m eval init main', language: 'rare', stopAtOperand: true },
  bb: { code: 'e eval', values: 'e f m eval', language: 'rare', stopAtOperand: true },
  racket: { code: 'e eval', values: 'e f t l r eval', language: 'rare', stopAtOperand: true },
  sbcl: { code: 'eval', values: 'eval load', language: 'rare', stopAtOperand: true },
  swipl: { code: 'g t goal', values: 'g t f goal', language: 'rare', stopAtOperand: true },
  ghc: { code: 'e', values: 'e o package', language: 'rare' },
  runghc: { code: 'e', values: 'e', language: 'rare', stopAtOperand: true },
  ocaml: { code: 'e', values: 'e I', language: 'rare', stopAtOperand: true },
  jshell: { code: '', language: 'rare', values: 'R J C class-path startup', stopAtOperand: true },
  scala: { code: 'e', values: 'e cp classpath', language: 'rare', stopAtOperand: true },
  kotlin: { code: 'e', values: 'e cp classpath', language: 'rare', stopAtOperand: true },
  janet: { code: 'e', values: 'e l', language: 'rare', stopAtOperand: true },
};

const BUN: Interpreter = {
  code: 'e p eval print',
  values: 'e p eval print cwd',
  language: 'javascript',
  stopAtOperand: true,
};

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

const interpreter =
  (kind: Interpreter) =>
  (call: Invocation): readonly Finding[] => {
    const scan = scanOptions(call.args, kind);
    const names = new Set(kind.code.split(' ').filter((name) => name !== ''));
    const code = [
      ...valuesOf(scan, ...names),
      ...(['perl', 'ruby', 'javascript'].includes(kind.language) ? bundled(call, names) : []),
    ];
    const [file] = scan.rest;
    const module = valuesOf(scan, 'm');
    const own = ownCommand(file, scan.rest.slice(1));
    if (own !== undefined) return [own];
    const task =
      kind.language === 'javascript'
        ? /^--run=(.+)$/u.exec(call.args.find((arg) => arg.startsWith('--run')) ?? '')?.[1]
        : undefined;
    if (task !== undefined || call.args[0] === '--run')
      return [{ is: 'package-script', kind: 'npm', name: task ?? call.args[1] ?? '' }];
    const sockets = valuesOf(scan, 'r', 'M', 'm').some((name) => /^(socket|IO::Socket|pty)/u.test(name));
    const findings: Finding[] = [...new Set(code)].flatMap((text) =>
      isDynamic(text)
        ? [
            ...codeFindings(text, kind.language),
            ...(text.startsWith('\u0000')
              ? [high('dynamic-script', 'its code is known only when it runs')]
              : []),
          ]
        : codeFindings(text, kind.language),
    );
    if (valuesOf(scan, 'EncodedCommand').length > 0)
      findings.push(high('inline-code', 'its inline code hides what it calls'));
    if (
      valuesOf(scan, 'import', 'require', 'loader', 'experimental-loader').some((from) =>
        /^(data|https?):/iu.test(from),
      )
    )
      findings.push(high('dynamic-script', 'it loads code that is no file'));
    if (sockets && code.length > 0)
      findings.push(high('inline-code', 'its inline code opens network connections'));
    findings.push(...looped(call, kind));
    if (code.length > 0) return findings;
    if (kind.language === 'python' && module.length > 0) return findings;
    if (file === undefined || file === '-' || file === '/dev/stdin') {
      const text = printed(call);
      if (text !== undefined) return [...findings, ...codeFindings(text, kind.language)];
      return call.stdin.kind === 'pipe' && !has(scan, 'version', 'help', 'V', 'v')
        ? [...findings, unknownInput(call.name)]
        : [...findings, ...redirected(call, kind.language)];
    }
    findings.push(...application(kind.language, file, scan.rest.slice(1)));
    if (isUncertain(file) && file.startsWith('\u0000') && call.stdin.kind === 'none')
      return [...findings, { is: 'execute', path: file, as: kind.language }];
    return [...findings, ...reads([file]), { is: 'execute', path: file, as: kind.language }];
  };

/** Sub-commands of runtimes that run other programs or code. */
const deno = (call: Invocation): readonly Finding[] => {
  const [command, ...rest] = call.args;
  if (command === 'task')
    return targets(
      'deno',
      scanOptions(rest, { stopAtOperand: true, values: 'cwd c config' }).rest.slice(0, 1),
    );
  if (command === 'publish') return [high('publish', 'it changes what a registry shows to everyone')];
  if (command === 'eval') return codeFindings(scanOptions(rest).operands.join(' '));
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
  // `bun run x.ts` runs a file, `bun run x` a script; `bun test` is its own.
  if (command === 'run' && !/[./]/u.test(rest[0] ?? '.'))
    return packageScript('bun', scanOptions(call.args, { stopAtOperand: true })) ?? [];
  if (
    /^(add|install|i|remove|rm|update|upgrade|init|create|link|unlink|pm|outdated|test|build)$/u.test(
      command ?? '',
    )
  )
    return [];
  if (command === 'publish') return [high('publish', 'it changes what a registry shows to everyone')];
  return interpreter(BUN)(call);
};

export const INTERPRETER_RULES: RuleTable = {
  ...under('bash sh zsh dash ksh mksh ash fish csh tcsh rbash', { base: 'MEDIUM', findings: shell }),
  ...Object.fromEntries(
    Object.entries(INTERPRETERS).map(([name, kind]) => [
      name,
      { base: 'MEDIUM', findings: interpreter(kind) } as const,
    ]),
  ),
  crystal: {
    base: 'MEDIUM',
    findings: (call) => (call.args[0] === 'eval' ? codeFindings(call.args.slice(1).join(' '), 'rare') : []),
  },
  deno: { base: 'MEDIUM', findings: deno },
  bun: { base: 'MEDIUM', findings: bun },
};
