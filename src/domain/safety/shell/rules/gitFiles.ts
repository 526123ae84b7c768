import { has, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, reads, readsTree, script, writes } from '../rule.ts';
import { peers, transports } from './gitPush.ts';
import type { GitRule } from './gitRule.ts';

/** A word that can only be a path outside: git takes `/etc/passwd` and `../x` beside revisions. */
const leaves = (word: string): boolean => /^(\/|\u0001|\.\.(\/|$))/u.test(word);

/** Options and operands of a git command that name files, by what happens to them. */
type FileRule = {
  readonly values: string;
  readonly reads?: string;
  readonly writes?: string;
  readonly runs?: string;
  /** What it does to its operands, from the first of them on; `outside`: reads those that leave. */
  readonly operands?: 'read' | 'write' | 'outside';
  readonly from?: number;
  readonly to?: number;
  /** It writes where it stands, or where an operand says. */
  readonly changes: boolean;
  /** Its operands may be addresses of repositories. */
  readonly addresses?: true;
  /** Options that are refused, with the reason. */
  readonly refused?: readonly [names: string, text: string];
};

const split = (names = ''): readonly string[] => names.split(' ').filter((name) => name !== '');

const fileRule =
  (rule: FileRule): GitRule =>
  (args) => {
    const scan = scanOptions(args, { values: rule.values });
    const operands = scan.operands.slice(rule.from ?? 0, rule.to);
    const [refused, text = ''] = rule.refused ?? [];
    const findings: readonly Finding[] = [
      ...reads(valuesOf(scan, ...split(rule.reads))),
      ...writes(valuesOf(scan, ...split(rule.writes))),
      ...peers(valuesOf(scan, ...split(rule.runs))),
      ...(rule.operands === 'write' ? writes(operands) : []),
      ...(rule.operands === 'read' ? reads(operands) : []),
      ...(rule.operands === 'outside' ? reads(operands.filter(leaves)) : []),
      ...(rule.addresses === true ? transports([...scan.operands, ...valuesOf(scan, 'remote')]) : []),
      ...(refused !== undefined && has(scan, ...split(refused)) ? [high('git-config', text)] : []),
    ];
    return !rule.changes && findings.every(({ is }) => is === 'read') ? { reads: findings } : findings;
  };

const FILES: Readonly<Record<string, FileRule>> = {
  commit: {
    values:
      'm F t C c author date message file template reuse-message reedit-message fixup squash cleanup trailer pathspec-from-file',
    reads: 'F t file template pathspec-from-file',
    changes: true,
  },
  merge: {
    values: 'm F s X message file strategy strategy-option cleanup into-name',
    reads: 'F file',
    changes: true,
  },
  'commit-tree': { values: 'p m F', reads: 'F', changes: true },
  'hash-object': { values: 't path', operands: 'read', changes: true },
  apply: {
    values: 'C p exclude include directory whitespace build-fake-ancestor',
    writes: 'build-fake-ancestor',
    operands: 'read',
    changes: true,
    refused: ['unsafe-paths', 'its patch may write outside the worktree'],
  },
  am: { values: 'C p exclude include directory whitespace patch-format', operands: 'read', changes: true },
  archive: {
    values: 'o output format prefix add-file add-virtual-file remote exec mtime',
    reads: 'add-file',
    writes: 'o output',
    runs: 'exec',
    changes: true,
    addresses: true,
  },
  'format-patch': {
    values:
      'o output-directory output v reroll-count start-number base signature signature-file subject-prefix suffix to cc from in-reply-to cover-from-description description-file interdiff range-diff creation-factor filename-max-length',
    reads: 'signature-file description-file',
    writes: 'o output-directory output',
    changes: true,
  },
  init: {
    values: 'b initial-branch template separate-git-dir object-format ref-format',
    writes: 'separate-git-dir',
    operands: 'write',
    changes: true,
    refused: ['template', 'it takes hooks from a template'],
  },
  clone: {
    values:
      'b o u c j branch origin depth template reference reference-if-able separate-git-dir config jobs filter upload-pack shallow-since shallow-exclude server-option bundle-uri',
    reads: 'reference reference-if-able',
    writes: 'separate-git-dir',
    runs: 'u upload-pack',
    operands: 'write',
    from: 1,
    changes: true,
    refused: ['template', 'it takes hooks from a template'],
    addresses: true,
  },
  mv: { values: '', operands: 'write', changes: true },
  'pack-objects': { values: 'window depth threads filter', operands: 'write', changes: true },
  'index-pack': { values: 'o', writes: 'o', changes: true },
  mailinfo: { values: 'encoding', operands: 'write', changes: true },
  mailsplit: { values: 'o d f', writes: 'o', changes: true },
  'fast-export': { values: 'export-marks import-marks', writes: 'export-marks', changes: true },
  bugreport: { values: 'o s output-directory suffix', writes: 'o output-directory', changes: true },
  diagnose: { values: 'o s output-directory suffix', writes: 'o output-directory', changes: true },
  'ls-remote': {
    values: 'o upload-pack exec sort server-option',
    runs: 'upload-pack exec',
    changes: false,
    addresses: true,
  },
  'ls-files': {
    values: 'x X exclude exclude-from exclude-per-directory format',
    reads: 'X exclude-from',
    operands: 'outside',
    changes: false,
  },
};

/** Reads of one file against another need no repository: `--no-index` makes every operand a path. */
const compares: GitRule = (args) => {
  const scan = scanOptions(args, {
    values: 'O S G L output format contents ignore-revs-file',
  });
  const outputs = valuesOf(scan, 'output');
  const runs = valuesOf(scan, 'open-files-in-pager');
  const paths = has(scan, 'no-index') ? scan.operands : scan.operands.filter(leaves);
  const found = [
    ...readsTree(paths, has(scan, 'no-index')),
    ...reads(valuesOf(scan, 'contents', 'ignore-revs-file')),
  ];
  if (outputs.length === 0 && runs.length === 0 && !has(scan, 'ext-diff')) return { reads: found };
  return [...found, ...writes(outputs), ...runs.map(script)];
};

const grep: GitRule = (args) => {
  // `-O` takes its pager only attached.
  const scan = scanOptions(
    args.map((arg) => (arg === '-O' ? '--open-files-in-pager' : arg)),
    { values: 'e f A B C m O after-context before-context context max-count max-depth threads' },
  );
  const words = has(scan, 'e', 'f') ? scan.operands : scan.operands.slice(1);
  const found = [
    ...readsTree(has(scan, 'no-index') ? words : words.filter(leaves)),
    ...reads(valuesOf(scan, 'f')),
  ];
  const runs = valuesOf(scan, 'O', 'open-files-in-pager');
  return runs.length === 0 ? { reads: found } : [...found, ...runs.map(script)];
};

const bundle: GitRule = (args) => {
  const [action, file = ''] = scanOptions(args, { values: 'version' }).operands;
  return action === 'create' ? writes([file]) : { reads: reads([file]) };
};

const mergeFile: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'L marker-size diff-algorithm' });
  const [first = '', ...rest] = scan.operands;
  return has(scan, 'p', 'stdout') ? { reads: reads(scan.operands) } : [...writes([first]), ...reads(rest)];
};

const trailers: GitRule = (args) => {
  const scan = scanOptions(args, { values: 'trailer where if-exists if-missing' });
  return has(scan, 'in-place') ? writes(scan.operands) : { reads: reads(scan.operands) };
};

/** Commands of git whose options and operands name files: the fence judges them. */
export const GIT_FILES: Readonly<Record<string, GitRule>> = {
  ...Object.fromEntries(Object.entries(FILES).map(([name, rule]) => [name, fileRule(rule)])),
  grep,
  bundle,
  'merge-file': mergeFile,
  'interpret-trailers': trailers,
};

export const looks: GitRule = compares;
