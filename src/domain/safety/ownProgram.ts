/** Commands of the orchestrator that act as the person, end the server, or open what only it may open. */
const COMMANDS: ReadonlySet<string> = new Set(
  'run watch steer cancel approvals approve deny serve stop mcp dashboard init keys policy hook setup remove config audit clean'.split(
    ' ',
  ),
);

/** Programs that fetch or find a package and run its command, by the word that asks for it where there is one. */
const FETCHES: Readonly<Record<string, RegExp>> = {
  npx: /./u,
  pnpx: /./u,
  bunx: /./u,
  npm: /^(exec|x)$/u,
  pnpm: /^(exec|dlx)$/u,
  yarn: /^(exec|dlx|claude-orchestrator)$/u,
  bun: /^x$/u,
  corepack: /^(exec|dlx)$/u,
};

/** The package, at whatever version: a word of its own, or the value of an option. */
const PACKAGE = /^(--?[\w-]+=)?(npm:)?claude-orchestrator(@.*)?$/u;
/** Its program as a file of an installed package. */
const FILE = /(^|\/)(node_modules\/claude-orchestrator\/|\.bin\/claude-orchestrator$)/u;
const RUNS_FILE = /^(node|nodejs|bun|deno|tsx|ts-node|ba?sh|zsh|dash|ksh)$/u;

/** True where one of the words is a command that only the person gives. `--help` and `--version` are not. */
export const speaksForPerson = (argv: readonly string[]): boolean =>
  argv.slice(1).some((word) => COMMANDS.has(word));

/** True for a command line by which another program runs the orchestrator's package, with one of its commands. */
export const runsOwnPackage = (argv: readonly string[]): boolean => {
  const [program = '', ...words] = argv;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (!speaksForPerson(argv)) return false;
  if (RUNS_FILE.test(name) && words.some((word) => FILE.test(word))) return true;
  const asks = Object.hasOwn(FETCHES, name) ? FETCHES[name] : undefined;
  return (
    asks !== undefined && words.some((word) => asks.test(word)) && words.some((word) => PACKAGE.test(word))
  );
};
