import type { OptionSpec } from '../options.ts';

export type Manager = Required<Pick<OptionSpec, 'values' | 'flags'>> & {
  /** Options that select other packages by name, and those that take all of a workspace. */
  readonly selects: readonly string[];
  readonly all: readonly string[];
  /** A script needs no `run` before it. */
  readonly bare: boolean;
  /** It reads its options behind the script's name, too; the others hand them to the script. */
  readonly readsAll?: true;
};

/** Package managers by what their manuals say of options that have a value. */
export const MANAGERS: ReadonlyMap<string, Manager> = new Map<string, Manager>(
  Object.entries({
    npm: {
      values:
        'C prefix w workspace script-shell node-options loglevel userconfig globalconfig cache registry tag otp omit include before shell package p call c color depth access scope location',
      flags:
        'ws workspaces iwr include-workspace-root if-present silent s y yes ignore-scripts foreground-scripts g global',
      selects: ['w', 'workspace'],
      all: ['ws', 'workspaces'],
      bare: false,
      readsAll: true,
    },
    pnpm: {
      values:
        'C dir F filter filter-prod script-shell node-options reporter loglevel workspace-dir workspace-concurrency resume-from test-pattern changed-files-ignore-pattern config registry store-dir prefix',
      flags: 'r recursive w workspace-root s silent if-present parallel stream aggregate-output no-bail',
      selects: ['F', 'filter', 'filter-prod'],
      all: ['r', 'recursive', 'w', 'workspace-root'],
      bare: true,
    },
    yarn: {
      values: 'cwd use-yarnrc modules-folder cache-folder registry mutex network-timeout script-shell',
      flags: 's silent T top-level B binaries-only',
      selects: [],
      all: ['T', 'top-level'],
      bare: true,
    },
    bun: {
      values: 'cwd F filter c config r preload shell env-file e eval p print elide-lines',
      flags: 'b bun silent smol watch hot',
      selects: ['F', 'filter'],
      all: [],
      bare: true,
    },
  }),
);

/** What npm runs of the package itself beside what it is asked for. */
const INSTALLS = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
];
const PACKS = ['prepublishOnly', 'prepack', 'prepare', 'postpack'];

/** Sub-commands that are scripts of the package by another name; npm takes each cut short. */
export const SHORT: readonly (readonly [names: RegExp, scripts: readonly string[]])[] = [
  [/^(t|tst|tes?t?)$/u, ['test']],
  [/^star?t?$/u, ['start']],
  [/^stop?$/u, ['stop']],
  [/^resta?r?t?$/u, ['restart', 'stop', 'start']],
  [/^(i|in|isntall|install|add|ci|clean-install|ic|install-clean|update|up|dedupe|rebuild|rb)$/u, INSTALLS],
  [/^(it|cit|install-test|install-ci-test|sit|clean-install-test)$/u, [...INSTALLS, 'test']],
  [/^(pack|publish)$/u, PACKS],
  [/^version$/u, ['preversion', 'version', 'postversion']],
];

export const RUN = /^(run?|rum|urn|run-(s(c(r(i(pt?)?)?)?)?)?)$/u;

/** Sub-commands of its own of each manager that needs no `run`: a script of the same name needs it. */
const OWN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    npm: '',
    yarn: 'add audit autoclean bin cache check config constraints create dedupe dlx exec explain generate-lock-entry global help import info init install licenses link list login logout node npm outdated owner pack patch patch-commit plugin policies publish rebuild remove search self-update set stage tag team test unlink unplug up upgrade upgrade-interactive version versions why workspace workspaces',
    pnpm: 'add audit bin c cat-file cat-index config create dedupe deploy dlx doctor env exec fetch find-hash get help i import init install install-test it licenses link list ll ln login logout ls multi outdated pack patch patch-commit patch-remove prune publish rb rebuild recursive remove rm root search self-update server set setup store t test un uninstall unlink up update upgrade why',
    bun: 'a add audit build c create exec help i info init install link outdated patch pm publish remove repl rm test unlink update upgrade why x',
  }).map(([name, words]) => [name, new Set(words.split(' '))]),
);
export const isOwn = (name: string, command: string): boolean => OWN.get(name)?.has(command) === true;
