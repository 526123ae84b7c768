import { has, hasExactly, scanOptions, valuesOf } from '../options.ts';
import {
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  risk,
  script,
  under,
  writes,
} from '../rule.ts';

/** Sources and target of cp, mv, ln, install: the last operand, or `-t`. */
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
  const { sources, targets } = sides(call, COPY_VALUES);
  const empties = sources.some((source) => /^\/dev\/(null|zero|u?random)$/u.test(source));
  return [
    ...reads(sources),
    ...writes(targets),
    ...(empties ? [high('delete', 'it overwrites its target with nothing')] : []),
  ];
};

const moves = (call: Invocation): readonly Finding[] => {
  const { sources, targets } = sides(call, COPY_VALUES);
  return [
    ...writes([...sources, ...targets]),
    ...(targets.some((target) => /^\/dev\//u.test(target))
      ? [high('delete', 'it moves files into nothing')]
      : []),
  ];
};

/** A hard link, or a link to outside, is a door through the fence: its source counts as written. */
const links = (call: Invocation): readonly Finding[] => {
  const side = sides(call, COPY_VALUES);
  const single = side.sources.length === 0;
  return writes([
    ...side.sources.filter((source) => !side.has('s', 'symbolic') || /^[/\u0001]/u.test(source)),
    ...(single ? [] : side.targets),
  ]);
};

const rsync = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values:
      'e f exclude include filter rsh rsync-path files-from exclude-from include-from log-file password-file bwlimit port max-size backup-dir suffix chmod chown',
  });
  const target = scan.operands.at(-1) ?? '';
  const remote = /^[^/]+:/u.test(target);
  const dry = hasExactly(scan, 'n', 'dry-run');
  const deletes =
    !dry && scan.options.some(({ name }) => /^(del|delete.*|remove-source-files|force)$/u.test(name));
  return [
    ...(deletes ? [high('delete', 'rsync deletes files')] : []),
    ...(remote ? [risk('network', 'MEDIUM', 'it copies to another machine')] : dry ? [] : writes([target])),
    ...valuesOf(scan, 'e', 'rsh', 'rsync-path').map(script),
  ];
};

const permissions = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(
    call.args.map((arg) => (/^-[rwxXst]+$/u.test(arg) ? `0${arg}` : arg)),
    { values: 'reference from' },
  );
  const [mode = '', ...paths] = scan.operands;
  const special = call.name === 'chmod' && /[ugoa+=,]*[+=][rwxX]*s|^0?[2467]\d{3}$/u.test(mode);
  return [
    ...(call.name !== 'chmod' && has(scan, 'R', 'recursive')
      ? [high('privilege', 'it changes the owner of whole folders')]
      : []),
    ...(special ? [high('privilege', 'it makes a program run with the rights of its owner')] : []),
    ...writes(scan.operands.length === 1 ? [mode] : paths),
  ];
};

const tar = (call: Invocation): readonly Finding[] => {
  const [first = '', ...rest] = call.args;
  const args = /^[a-zA-Z]+$/u.test(first) ? [`-${first}`, ...rest] : call.args;
  const scan = scanOptions(args, {
    values:
      'f C I T X b file directory use-compress-program files-from exclude exclude-from to-command checkpoint-action transform strip-components rsh-command info-script new-volume-script',
  });
  const files = valuesOf(scan, 'f', 'file');
  const commands = [
    ...valuesOf(
      scan,
      'I',
      'use-compress-program',
      'to-command',
      'rsh-command',
      'info-script',
      'new-volume-script',
    ),
    ...valuesOf(scan, 'checkpoint-action').flatMap((action) =>
      action.startsWith('exec=') ? [action.slice(5)] : [],
    ),
  ];
  const creates = has(scan, 'c', 'r', 'u', 'create', 'append', 'update');
  const deletes = scan.options.some(({ name }) =>
    /^(remove-files?|delete|recursive-unlink|unlink-first|U)$/u.test(name),
  );
  return [
    ...(deletes ? [high('delete', 'tar deletes files')] : []),
    ...commands.map(script),
    ...(creates
      ? [...writes(files), ...reads(scan.operands)]
      : [...reads(files), ...writes(has(scan, 't', 'list') ? [] : valuesOf(scan, 'C', 'directory'))]),
  ];
};

export const FILE_RULES: RuleTable = {
  ...under('cp gcp', { base: 'MEDIUM', findings: copies }),
  install: { base: 'MEDIUM', findings: copies },
  ...under('mv gmv', { base: 'MEDIUM', findings: moves }),
  ...under('ln link', { base: 'MEDIUM', findings: links }),
  rsync: { base: 'MEDIUM', findings: rsync },
  ...under('touch mkdir mkfifo', {
    base: 'MEDIUM',
    findings: (call) => writes(scanOptions(call.args, { values: 'm d r t mode date reference' }).operands),
  }),
  tee: { base: 'MEDIUM', findings: (call) => writes(scanOptions(call.args).operands) },
  ...under('chmod chown chgrp chattr setfacl xattr', { base: 'MEDIUM', findings: permissions }),
  ...under('tar gtar bsdtar', { base: 'MEDIUM', findings: tar }),
  ...under('zip 7z 7za', {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'x i b TT unzip-command' });
      const moves = /^7z/u.test(call.name)
        ? call.args.some((arg) => arg === '-sdel' || arg === 'd')
        : has(scan, 'm', 'move', 'd', 'delete');
      return [
        ...(moves ? [high('delete', 'it deletes files or entries')] : []),
        ...[
          ...valuesOf(scan, 'unzip-command'),
          ...call.args.flatMap((arg, at) => (arg === '-TT' ? [call.args[at + 1] ?? ''] : [])),
        ].map(script),
      ];
    },
  }),
  unzip: {
    base: 'MEDIUM',
    findings: (call) => writes(valuesOf(scanOptions(call.args, { values: 'd x P' }), 'd')),
  },
  ...under('gzip gunzip bzip2 bunzip2 xz unxz zstd', {
    base: 'MEDIUM',
    findings: (call) => writes(scanOptions(call.args, { values: 'S o' }).operands),
  }),
  split: {
    base: 'MEDIUM',
    findings: (call) =>
      valuesOf(scanOptions(call.args, { values: 'b l n a C filter' }), 'filter').map(script),
  },
  cpio: { base: 'MEDIUM' },
  sponge: {
    base: 'MEDIUM',
    findings: (call) => [
      ...writes(scanOptions(call.args).operands),
      ...(call.stdin.kind === 'none' ? [high('delete', 'it may empty its target')] : []),
    ],
  },
  patch: {
    base: 'MEDIUM',
    findings: (call) =>
      writes(
        valuesOf(
          scanOptions(call.args, { values: 'd i o p directory input output' }),
          'd',
          'directory',
          'o',
          'output',
        ),
      ),
  },
};
