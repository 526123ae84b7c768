import { type Finding, high, type Invocation, type Rule, reads } from '../rule.ts';
import { hasDestructiveVerb } from '../verbs.ts';
import { namedPaths } from './namedPaths.ts';
import { launchedBy, launchedByOwn } from './unknownLauncher.ts';

/** Words that lead to the verb: `fastly logging s3 delete`. After an option nothing is certain any more. */
const leading = (args: readonly string[]): readonly string[] => {
  const end = args.findIndex((arg) => arg.startsWith('-'));
  return (end === -1 ? args : args.slice(0, end)).slice(0, 3);
};

const PLAIN = /^[a-z][a-z:_-]*$/u;

/** `--delete-vm`, `-deleteduplicates`: verbs that are too strong for an option to mean something else by. */
const BY_OPTION = /^--?(delete(?!d$)[a-z]*|destroy|purge|wipe|erase|drop|uninstall|unregister)([-_=]|$)/iu;

/** Options behind `--` are another program's, and `--delete=3` of an editor of streams is told apart by nobody. */
const optionVerb = (args: readonly string[]): string | undefined => {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).find((arg) => BY_OPTION.test(arg));
};

export const byVerb = (call: Invocation): readonly Finding[] =>
  leading(call.args).some((word) => PLAIN.test(word) && hasDestructiveVerb(word))
    ? [high('remote-destroy', 'its sub-command says that it destroys something')]
    : [];

/** A name in the words of its kind: `repo-remove`, `git-obliterate`. */
const byName = ({ name }: Invocation): readonly Finding[] =>
  name.includes('-') && hasDestructiveVerb(name)
    ? [high('remote-destroy', 'its name says that it destroys something')]
    : [];

const byOption = ({ args }: Invocation): readonly Finding[] =>
  optionVerb(args) === undefined
    ? []
    : [high('remote-destroy', 'an option of it says that it destroys something')];

/** A program that no table knows and that is no file of the worktree: command lines of services all read alike. */
export const DEFAULT_RULE: Rule = {
  base: 'MEDIUM',
  findings: (call) => [
    ...byVerb(call),
    ...byName(call),
    ...byOption(call),
    ...launchedBy(call),
    ...reads(namedPaths(call.args)),
  ],
};

/** A program by a folder of its own: its verbs are its own, but it may start others. */
export const OWN_PROGRAM_RULE: Rule = { base: 'MEDIUM', findings: launchedByOwn };

/** Tools of development whose operands are files and names of tests, never verbs. */
export const ORDINARY: ReadonlySet<string> = new Set(
  'pytest jest vitest mocha ava tap tsc eslint prettier biome ruff black mypy pyright flake8 pylint isort rustc rustfmt clippy-driver gcc cc clang g++ clang++ ld cmake ninja meson javac java kotlinc scalac dotnet mvn gradle gradlew bazel tox nox phpunit rspec rake rails composer webpack vite rollup esbuild parcel next nuxt astro turbo nx lerna knip depcruise playwright cypress storybook swc tsup gofmt golangci-lint golint staticcheck shellcheck shfmt hadolint yamllint ctest swift xcodebuild flutter dart sbt lein mix stack cabal ghc zig nim crystal protoc sphinx-build mkdocs open xdg-open code export tldr cheat howdoi'.split(
    ' ',
  ),
);
