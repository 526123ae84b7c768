import { isDynamic } from '../../domain/safety/markers.ts';
import type { SimpleCommand } from '../../domain/safety/shell/command.ts';
import { scanOptions, valuesOf } from '../../domain/safety/shell/options.ts';
import { type Launched, launchedBy } from './launched.ts';
import { plainName, READS, RUNS_FILE } from './runnerTable.ts';

/** Options whose value is code or a module, and those with another value, of programs that run a file. */
const VALUES: Readonly<Record<string, string>> = {
  python: 'c m W X Q',
  pypy: 'c m W X',
  node: 'e p r C eval print require import loader experimental-loader env-file conditions',
  tsx: 'e p eval print tsconfig',
  perl: 'e E I M m',
  ruby: 'e I r C',
  php: 'r B R E d c',
};
const SHELL_VALUES = 'O o c init-file rcfile';

/** Options of runners that name a folder or a file to work on. */
const PLACES: Readonly<Record<string, string>> = {
  'npm pnpm yarn bun npx pnpx bunx': 'C prefix dir cwd w workspace F filter',
  'make gmake ninja': 'C f directory file makefile',
  just: 'f d justfile working-directory',
  'task go-task': 't d taskfile dir',
  'rake drake': 'f rakefile',
  cargo: 'manifest-path C config',
  'docker podman docker-compose': 'f file project-directory',
  'gradle gradlew': 'p b c I project-dir build-file settings-file init-script',
  'mvn mvnw ant': 'f file s settings buildfile',
  'tox nox': 'c conf f noxfile',
  'pip uv': 'e editable r requirement',
  'gulp grunt jake': 'f gulpfile cwd gruntfile base',
  'cmake ctest': 'P C S B test-dir build',
};
const OPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(PLACES).flatMap(([names, options]) =>
    names.split(' ').map((name) => [name, options] as const),
  ),
);
const GIT = 'C c git-dir work-tree namespace super-prefix config-env exec-path';
/** Sub-commands of git that change what they find, or run hooks. */
const GIT_RUNS: ReadonlySet<string> = new Set(
  'am checkout cherry-pick clean commit gc merge pull push rebase reset restore revert stash switch worktree'.split(
    ' ',
  ),
);

/** Whether this word stands for something that is known only when it runs. */
const isOpen = (word: string, { filled }: Launched): boolean =>
  isDynamic(word) || (filled?.by !== undefined && word.includes(filled.by));

type Ran = {
  readonly file: string | undefined;
  readonly hasCode: boolean;
  readonly modules: readonly string[];
};

/** What an interpreter runs: a file, code or a module of its command line, or its input. */
const ranBy = (program: string, args: readonly string[]): Ran => {
  const scan = scanOptions(args, { values: VALUES[program] ?? SHELL_VALUES, stopAtOperand: true });
  const codes = program === 'perl' ? ['e', 'E'] : ['c', 'e', 'p', 'eval', 'print', 'm', 'r', 'R', 'B'];
  const isShell = VALUES[program] === undefined;
  const hasCode = scan.options.some(({ name }) => (isShell ? name === 'c' : codes.includes(name)));
  return { file: hasCode ? undefined : scan.rest[0], hasCode, modules: valuesOf(scan, 'm') };
};

const isRelative = (name: string): boolean => !/^[/\u0001]/u.test(name);

/** Where a runner works, by its own options. */
const placesOf = (program: string, args: readonly string[]): readonly string[] => {
  // Elsewhere `-f` has another meaning, or is a container's.
  if (/^(docker|podman)$/u.test(program) && !args.some((arg) => /^(compose|build|buildx|bake)$/u.test(arg)))
    return [];
  const options = program === 'git' ? GIT : (OPTIONS.get(program) ?? '');
  const scan = scanOptions(args, { values: options, ...(program === 'git' ? { stopAtOperand: true } : {}) });
  const values = valuesOf(scan, ...options.split(' '));
  return program === 'git' ? values.filter((value) => !/^(?!core\.hookspath)[\w.-]+=/iu.test(value)) : values;
};

const runsHere = (program: string, args: readonly string[]): boolean =>
  program === 'git' ? args.some((arg) => GIT_RUNS.has(arg)) : READS.has(program);

const doubtOf = (launched: Launched, nowhere: boolean): string | undefined => {
  const [given = '', ...args] = launched.words;
  if (isOpen(given, launched)) return 'it runs a program whose name is known only when it runs';
  const program = plainName(given);
  const ran = RUNS_FILE.has(program) ? ranBy(program, args) : undefined;
  if (ran !== undefined && [ran.file ?? '', ...ran.modules].some((name) => isOpen(name, launched)))
    return `it runs a file with ${program} whose name is known only when it runs`;
  if (launched.filled !== undefined && ran?.file === undefined && ran?.hasCode === false)
    return `it runs whatever it finds with ${program}`;
  const isRunner = runsHere(program, args);
  if (isRunner && placesOf(program, args).some(isDynamic))
    return `it runs ${program} on a folder or a file whose name is known only when it runs`;
  const runsFile = ran?.file !== undefined && isRelative(ran.file);
  const here = (given.includes('/') && isRelative(given)) || isRunner || runsFile;
  if (here && launched.anywhere) return `it runs ${given} in whatever folder it finds something`;
  return here && (nowhere || launched.folders.some(isDynamic))
    ? `it runs ${given} in a folder that is known only when it runs`
    : undefined;
};

/** Why it cannot be told from a command's text which file it would run; undefined where it can. */
export const doubtAbout = ({ words, cwd, maybe }: SimpleCommand): string | undefined => {
  const nowhere = cwd === undefined || maybe.includes(undefined);
  for (const launched of launchedBy(words)) {
    const doubt = doubtOf(launched, nowhere);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
};
