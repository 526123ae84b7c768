import { type OptionSpec, scanOptions, valuesOf } from '../options.ts';
import { argv, deletes, type Finding, reads, writes } from '../rule.ts';
import { codeFindings } from './inlineCode.ts';

/** `-m module`: all behind it is the module's. Python's own options with a value stand before it. */
export const moduleCall = (
  args: readonly string[],
): { readonly name: string; readonly args: readonly string[] } | undefined => {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const attached = /^-[bBdEiIOPqsSuvVx]*m(.*)$/u.exec(arg)?.[1];
    if (attached !== undefined)
      return attached === ''
        ? { name: args[at + 1] ?? '', args: args.slice(at + 2) }
        : { name: attached, args: args.slice(at + 1) };
    if (/^-[bBdEiIOPqsSuvVx]*c/u.test(arg) || !arg.startsWith('-') || arg === '-' || arg === '--')
      return undefined;
    if (/^-[bBdEiIOPqsSuvVx]*[WXQ]$/u.test(arg)) at += 1;
  }
  return undefined;
};

/** Modules that run another script or module, with the options before it. */
const RUNNERS: Readonly<Record<string, OptionSpec>> = {
  cProfile: { values: 'o s outfile sort', flags: 'm' },
  profile: { values: 'o s outfile sort', flags: 'm' },
  pdb: { values: 'c p command pid', flags: 'm' },
  ipdb: { values: 'c command', flags: 'm' },
  pudb: { values: 'e', flags: 'm' },
  trace: {
    values: 'f C file coverdir ignore-module ignore-dir',
    flags:
      't c T r R l g s m module trace count trackcalls listfuncs report no-report timing missing summary',
  },
  runpy: {},
  coverage: {
    values: 'rcfile source omit include data-file context concurrency debug format',
    flags: 'm module branch parallel-mode p a append L pylib timid',
  },
  kernprof: { values: 'o s p i outfile setup prof-mod', flags: 'l v b z line-by-line view builtin m' },
  line_profiler: { values: 'o' },
  memory_profiler: { values: 'o precision', flags: 'pdb' },
  scalene: {
    values: 'outfile profile-interval cpu-percent-threshold',
    flags: 'cpu gpu memory html json cli',
  },
  viztracer: { values: 'o output_file max_stack_depth tracer_entries', flags: 'm' },
  debugpy: { values: 'listen connect log-to configure-', flags: 'wait-for-client m' },
  xdoctest: {},
};

/** Modules that read Python from their standard input, as the interpreter does. */
export const CONSOLES: ReadonlySet<string> = new Set([
  'code',
  'asyncio',
  'idlelib',
  'IPython',
  'bpython',
  'ptpython',
]);

/** Modules that are the program of the same name. */
const PROGRAMS: ReadonlySet<string> = new Set(
  'pip pip3 twine flit poetry pdm hatch pipenv uv aider sqlite3 virtualenv alembic httpie awscli aws ansible pre_commit nox tox conda huggingface_hub kaggle modal dvc'.split(
    ' ',
  ),
);

/** A module's file, if the folder has it. */
const filesOf = (module: string): readonly Finding[] => {
  const file = module.replaceAll('.', '/');
  return [`${file}.py`, `${file}/__main__.py`].map((path) => ({ is: 'execute', path, as: 'python' }));
};

/** `cProfile script.py`, `trace --module x`: what the module runs in its turn. */
export const runnerFindings = (name: string, args: readonly string[]): readonly Finding[] => {
  const scan = scanOptions(args, { ...RUNNERS[name], stopAtOperand: true });
  const commands = /^i?pdb$/u.test(name)
    ? valuesOf(scan, 'c', 'command').flatMap((text) => codeFindings(text, 'python'))
    : [];
  // `coverage run x.py`, `scalene run x.py`, `debugpy --listen 1 x.py`: the word may stand before it.
  const sub = scan.rest[0] === 'run' && ['coverage', 'scalene'].includes(name);
  const inner = sub ? scanOptions(scan.rest.slice(1), { ...RUNNERS[name], stopAtOperand: true }) : scan;
  const [first, ...rest] = inner.rest;
  if (first === undefined || (name === 'coverage' && !sub)) return commands;
  const asModule =
    name === 'runpy' || inner.options.some(({ name: option }) => option === 'm' || option === 'module');
  return [
    ...commands,
    ...(asModule
      ? moduleFindings(first, rest)
      : [...reads([first]), { is: 'execute', path: first, as: 'python' } as const]),
  ];
};

const timeit = (args: readonly string[]): readonly Finding[] => {
  const scan = scanOptions(args, {
    values: 'n r s u number repeat setup unit',
    flags: 'p v process verbose',
  });
  return [...valuesOf(scan, 's', 'setup'), ...scan.operands].flatMap((code) => codeFindings(code, 'python'));
};

/** `python -m module args`. */
export const moduleFindings = (module: string, args: readonly string[]): readonly Finding[] => {
  if (module === 'timeit') return timeit(args);
  if (Object.hasOwn(RUNNERS, module)) return runnerFindings(module, args);
  if (PROGRAMS.has(module)) return [argv([module.replaceAll('_', '-'), ...args])];
  const { operands, options } = scanOptions(args, { values: 'prompt c e l t create extract list test' });
  const given = (...names: readonly string[]): readonly string[] =>
    options.flatMap(({ name, value }) => (names.includes(name) && value !== undefined ? [value] : []));
  if (module === 'venv')
    return options.some(({ name }) => name === 'clear') ? deletes(operands) : writes(operands);
  if (module === 'json.tool') return [...reads(operands.slice(0, 1)), ...writes(operands.slice(1, 2))];
  if (['zipfile', 'tarfile'].includes(module))
    return given('e', 'extract').length > 0 ? writes(operands) : writes(given('c', 'create'));
  return filesOf(module);
};

/** Programs of their own by the name of such a module. */
export const RUNNER_PROGRAMS = 'coverage kernprof viztracer scalene ipdb pudb';
