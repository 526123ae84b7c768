import { isUncertain } from '../../markers.ts';
import { type Finding, high, script } from '../rule.ts';
import { environmentSetting } from './packageSettings.ts';

/** Variables whose value another program runs. */
const COMMANDS =
  /^(PAGER|GIT_PAGER|MANPAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_SSH|GIT_SSH_COMMAND|GIT_PROXY_COMMAND|GIT_EXTERNAL_DIFF|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS|RSYNC_RSH|CVS_RSH|SVN_SSH|SVN_EDITOR|HGEDITOR|PROMPT_COMMAND|LESSOPEN|LESSCLOSE|BROWSER|RUSTC|RUSTDOC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|CARGO_BUILD_(RUSTC|RUSTDOC)(_WORKSPACE)?(_WRAPPER)?|CARGO_TARGET_\w+_(RUNNER|LINKER)|NODE_REPL_EXTERNAL_MODULE|FZF_DEFAULT_COMMAND)$/iu;
/** Variables that put foreign code into every program started after them, or lead git elsewhere. */
const INJECTORS =
  /^(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|DYLD_.*|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|BASH_FUNC_.*|PERL5OPT|PERL5DB|PYTHONSTARTUP|PYTHONINSPECT|PYTHONBREAKPOINT|RUBYOPT|_?JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|GIT_CONFIG.*|GIT_DIR|GIT_COMMON_DIR|GIT_WORK_TREE|GIT_INDEX_FILE|GIT_OBJECT_DIRECTORY|GIT_ALTERNATE_OBJECT_DIRECTORIES|GIT_NAMESPACE|GIT_TEMPLATE_DIR|GIT_EXEC_PATH)$/u;
/** Of those, the ones that git reads at an empty value as well. */
const EMPTY_COUNTS = /^GIT_(?!CONFIG)/u;

const FOREIGN_FOLDER = /^(\/(tmp|var\/tmp|dev\/shm|private)(\/|$)|\u0001\/Downloads)|(^|\/)\.\.(\/|$)/u;

/** A loader's path of the worktree, the system or what it was before: no more than starting the program there. */
const ownFolders = (value: string): boolean =>
  value.split(':').every((folder) => !FOREIGN_FOLDER.test(folder) && !/.\u0000|\u0000./u.test(folder));

const words = (value: string, allowed: RegExp): boolean =>
  !isUncertain(value) &&
  value
    .split(/[ \t\n]+/u)
    .filter((word) => word !== '')
    .every((word) => allowed.test(word));

/** Values by which such a variable loads nothing. */
const HARMLESS: readonly (readonly [names: RegExp, is: (value: string) => boolean])[] = [
  [/^(LD|DYLD)_(FALLBACK_)?LIBRARY_PATH$/u, ownFolders],
  [/^DYLD_PRINT_/u, () => true],
  // A shell reads the file of that name; `production` is the name of a stage.
  [/^ENV$/u, (value) => /^[\w-]*$/u.test(value)],
  [/^BASH_ENV$|^PYTHONSTARTUP$/u, (value) => value === '/dev/null'],
  [/^GIT_CONFIG_NOSYSTEM$/u, () => true],
  [/^GIT_CONFIG_(GLOBAL|SYSTEM)$/u, (value) => value === '/dev/null'],
  [/^PYTHONBREAKPOINT$/u, (value) => /^(0|(i?pdb|pudb|breakpoint)[\w.]*)$/u.test(value)],
  [/^RUBYOPT$/u, (value) => words(value, /^(-[wWdv]\S{0,2}|-W:[\w-]+|--(yjit|jit|enable|disable)\S*)$/u)],
  [/^PERL5OPT$/u, (value) => words(value, /^-[wWtTX]+$/u)],
  [
    /JAVA.*OPTIONS$/u,
    (value) =>
      words(
        value,
        /^(-X(m[sxn]|ss)\d+\w?|-XX:[+-]\w+|-XX:\w+=\d+\w?|-D(file|user|sun\.jnu|stdout|stderr|java\.awt|java\.net|https?|org|spring|log4j2?)[\w.]*(=[\w.,:-]*)?|-ea|-showversion)$/u,
      ),
  ],
];

/** What a prompt expands: its substitutions run. */
const inPrompt = (value: string): readonly Finding[] => {
  const inner = [...value.matchAll(/\$\(([^()]*)\)|`([^`]*)`/gu)].map((found) => found[1] ?? found[2] ?? '');
  const rest = value.replaceAll(/\$\([^()]*\)|`[^`]*`/gu, '');
  return [
    ...inner.map(script),
    ...(/\$\(|`/u.test(rest) ? [high('environment', 'its prompt runs other programs')] : []),
  ];
};

/** Variables that hold options of a program, by the options that make it run something. */
const OPTIONS: readonly (readonly [names: RegExp, runs: RegExp])[] = [
  [/^MAKEFILES$/u, /\S/u],
  [/^(GNU)?MAKEFLAGS$|^MFLAGS$/u, /--eval|(^|\s)-?\w*f\s|--(make)?file|SHELL=/u],
  [
    /^TAR_OPTIONS$/u,
    /--(to-command|checkpoint-action|use-compress|rsh-command|info-script|new-volume)|(^|\s)-\w*[IF]/u,
  ],
  [/^ZIPOPT$/u, /-TT|--unzip-command/u],
  [/^(VIMINIT|EXINIT|GVIMINIT)$/u, /!|system|call|source|\bso\b|py|lua|perl|ruby/u],
  [/^(NODE_OPTIONS)$/u, /--(require|import|loader|experimental-loader)|(^|\s)-r/u],
  [/^GOFLAGS$/u, /--?(toolexec|exec|vettool)\b/u],
  [/^(PYTHONWARNINGS)$/u, /::\w+\.\w+/u],
];

export const assignmentFindings = (name: string, value: string): readonly Finding[] => {
  if (INJECTORS.test(name) && (value !== '' || EMPTY_COUNTS.test(name)))
    return HARMLESS.some(([names, is]) => names.test(name) && is(value))
      ? []
      : [high('environment', `it sets ${name}, by which other code runs or git works elsewhere`)];
  if (OPTIONS.some(([names, runs]) => names.test(name) && (runs.test(value) || isUncertain(value))))
    return [high('environment', `it sets ${name} so that a program loads or runs other code`)];
  if (/^PS[0-4]$/u.test(name)) return inPrompt(value);
  if (/^GIT_TRACE/u.test(name) && value.startsWith('/')) return [{ is: 'write', path: value }];
  if (COMMANDS.test(name) && value !== '') return [script(value)];
  return environmentSetting(name, value);
};
