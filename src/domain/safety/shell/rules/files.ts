import { isAbsolute, normalize } from '../../lexicalPath.ts';
import { has, scanOptions, valuesOf } from '../options.ts';
import {
  deletes,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  readsTree,
  script,
  under,
  writes,
} from '../rule.ts';
import { byVerb } from './default.ts';

/** Sources and target of cp, mv, install: the last operand, or `-t`. */
const sides = (
  call: Invocation,
  values: string,
): { sources: readonly string[]; targets: readonly string[]; has: (...n: string[]) => boolean } => {
  const scan = scanOptions(call.args, { values });
  const into = valuesOf(scan, 't', 'target-directory');
  const known = (...names: string[]): boolean => has(scan, ...names);
  if (into.length > 0) return { sources: scan.operands, targets: into, has: known };
  return { sources: scan.operands.slice(0, -1), targets: scan.operands.slice(-1), has: known };
};

const COPY_VALUES = 't S suffix target-directory m o g mode owner group';

const copies = (call: Invocation): readonly Finding[] => {
  const { sources, targets, has: asked } = sides(call, COPY_VALUES);
  // `cp -s` and `cp -l` make links: what is written to those goes to the sources.
  const linked = call.name !== 'install' && asked('s', 'l', 'symbolic-link', 'link');
  const empties = sources.some((source) => /^\/dev\/(null|zero|u?random)$/u.test(source));
  return [
    ...(linked
      ? writes(sources)
      : readsTree(sources, call.name !== 'install' && asked('r', 'R', 'a', 'recursive', 'archive'))),
    ...writes(targets),
    ...(empties ? deletes(targets) : []),
  ];
};

const moves = (call: Invocation): readonly Finding[] => {
  const { sources, targets } = sides(call, COPY_VALUES);
  return [
    // A folder goes with all that it holds; out of the worktree it counts as deleted there.
    ...sources.flatMap((path) => targets.map((to): Finding => ({ is: 'write', path, use: 'tree', to }))),
    ...writes(targets),
    ...sources.map((path): Finding => ({ is: 'move', path })),
    ...(targets.some((target) => /^\/dev\//u.test(normalize(target))) ? deletes(sources) : []),
  ];
};

const permissions = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(
    call.args.map((arg) => (/^-[rwxXst]+$/u.test(arg) ? `0${arg}` : arg)),
    { values: 'reference from' },
  );
  const [mode = '', ...paths] = scan.operands;
  const special = call.name === 'chmod' && /[ugoa+=,]*[+=][rwxX]*s|^0?[2467]\d{3}$/u.test(mode);
  const open =
    call.name === 'chmod' &&
    /^0?[0-7]?[0-7][0-7][2367]$|^[ugo]*[oa][ugoa]*[+=]\w*w|^[+=]\w*w\w*$/u.test(mode) &&
    !/^[+=]/u.test(mode);
  return [
    ...(open ? [high('permissions', 'it lets everyone write there')] : []),
    ...(call.name !== 'chmod' && has(scan, 'R', 'recursive')
      ? [high('privilege', 'it changes the owner of whole folders')]
      : []),
    ...(special ? [high('privilege', 'it makes a program run with the rights of its owner')] : []),
    ...writes(scan.operands.length === 1 ? [mode] : paths),
  ];
};

const SPLIT_VALUES =
  'b l n a C t filter bytes lines number suffix-length line-bytes separator additional-suffix';

/** `patch FILE PATCH`; without a file the patch names files below the folder. */
const patch = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values:
      'd i o p r B D F V Y z directory input output strip reject-file prefix basename-prefix suffix fuzz',
  });
  const folders = valuesOf(scan, 'd', 'directory');
  const [file, ...patches] = scan.operands;
  const folder = folders.at(-1);
  const inFolder = (path: string): string =>
    folder === undefined || isAbsolute(path) ? path : `${folder}/${path}`;
  return [
    ...writes(folders),
    ...writes(
      [
        ...(file === undefined ? [] : [file]),
        ...valuesOf(scan, 'o', 'r', 'B', 'output', 'reject-file', 'prefix'),
      ].map(inFolder),
    ),
    ...reads([...patches, ...valuesOf(scan, 'i', 'input')].map(inFolder)),
  ];
};

export const FILE_RULES: RuleTable = {
  ...under('cp gcp', { base: 'MEDIUM', findings: copies }),
  install: { base: 'MEDIUM', findings: copies },
  ...under('mv gmv', { base: 'MEDIUM', findings: moves }),
  // Whether of perl or of util-linux: the first operands say how, the rest are files.
  ...under('rename prename file-rename', {
    base: 'MEDIUM',
    findings: (call) => writes(scanOptions(call.args, { values: 'e E' }).operands.slice(1)),
  }),
  ...under('touch mkdir', {
    base: 'MEDIUM',
    findings: (call) => writes(scanOptions(call.args, { values: 'm d r t mode date reference' }).operands),
  }),
  tee: { base: 'MEDIUM', findings: (call) => writes(scanOptions(call.args).operands) },
  ...under('chmod chown chgrp chattr setfacl xattr', { base: 'MEDIUM', findings: permissions }),
  ...under('mkfifo mknod', {
    base: 'MEDIUM',
    findings: () => [high('special-file', 'it makes a special file, on which readers and writers hang')],
  }),
  ...under('gzip gunzip bzip2 bunzip2 xz unxz zstd', {
    base: 'MEDIUM',
    findings: (call) => writes(scanOptions(call.args, { values: 'S o' }).operands),
  }),
  split: {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: SPLIT_VALUES });
      // The tool of coreutils takes two operands at most: another program of that name is a service's.
      if (scan.operands.length > 2) return byVerb(call);
      return [
        ...reads(scan.operands.slice(0, 1)),
        ...writes(scan.operands.slice(1)),
        ...valuesOf(scan, 'filter').map(script),
      ];
    },
  },
  csplit: {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'f b n prefix suffix-format digits' });
      return [...reads(scan.operands.slice(0, 1)), ...writes(valuesOf(scan, 'f', 'prefix'))];
    },
  },
  sponge: {
    base: 'MEDIUM',
    findings: (call) => [
      ...writes(scanOptions(call.args).operands),
      ...(call.stdin.kind === 'none' ? [high('delete', 'it may empty its target')] : []),
    ],
  },
  patch: { base: 'MEDIUM', findings: patch },
};
