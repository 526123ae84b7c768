import { isAbsolute } from '../../lexicalPath.ts';
import { has, hasExactly, scanOptions, valuesOf } from '../options.ts';
import {
  critical,
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
import { sendsFiles } from './sending.ts';
import { listed } from './stdinText.ts';

/** Names in an archive decide where its files go. */
const escapes = high('outside-write', 'the names in the archive may lead outside the worktree');

/** Each path seen from each folder that the command line changes to. */
const seenFrom = (folders: readonly string[], paths: readonly string[]): readonly string[] =>
  folders.length === 0
    ? paths
    : paths.flatMap((path) => (isAbsolute(path) ? [path] : folders.map((folder) => `${folder}/${path}`)));

const TAR_VALUES =
  'f C I F T X b g file directory use-compress-program files-from exclude exclude-from to-command checkpoint-action transform strip-components rsh-command info-script new-volume-script listed-incremental index-file one-top-level';

/** `tar cfC out.tar dir x`: in the first word without a dash each letter takes its value from those after it. */
const undashed = (args: readonly string[]): readonly string[] => {
  const [first = '', ...rest] = args;
  if (!/^[a-zA-Z]+$/u.test(first)) return args;
  const out: string[] = [];
  let next = 0;
  for (const letter of first) {
    out.push(`-${letter}`);
    if ('fCIFTXbg'.includes(letter)) {
      out.push(rest[next] ?? '');
      next += 1;
    }
  }
  return [...out, ...rest.slice(next)];
};

const tar = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(undashed(call.args), { values: TAR_VALUES });
  const files = valuesOf(scan, 'f', 'file');
  const folders = valuesOf(scan, 'C', 'directory');
  const commands = [
    ...valuesOf(
      scan,
      'I',
      'F',
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
  const creates = has(scan, 'c', 'r', 'u', 'A', 'create', 'append', 'update', 'concatenate');
  const only = has(scan, 't', 'd', 'list', 'diff', 'compare');
  const packsAway = has(scan, 'remove-files');
  const removes = has(scan, 'delete', 'recursive-unlink', 'unlink-first', 'U');
  const lists = valuesOf(scan, 'T', 'files-from');
  const members = [...scan.operands, ...(lists.includes('-') ? listed(call) : [])];
  return [
    ...(removes ? [high('delete', 'tar deletes files')] : []),
    ...(packsAway ? deletes(seenFrom(folders, members)) : []),
    ...commands.map(script),
    ...reads(lists),
    ...writes(valuesOf(scan, 'g', 'listed-incremental', 'index-file')),
    ...(creates
      ? [
          ...writes(files),
          ...(files.some((file) => /^[^/]+:/u.test(file)) && !has(scan, 'force-local')
            ? sendsFiles(seenFrom(folders, members), files.map(hostOf))
            : []),
          ...readsTree(seenFrom(folders, members)),
          ...reads(folders),
        ]
      : [
          ...reads(files),
          ...(only ? [] : writes([...folders, ...seenFrom(folders, valuesOf(scan, 'one-top-level'))])),
          ...(!only && has(scan, 'P', 'absolute-names', 'absolute-paths') ? [escapes] : []),
        ]),
  ];
};

const RSYNC_VALUES =
  'e f T B M exclude include filter rsh rsync-path files-from exclude-from include-from log-file password-file bwlimit port max-size min-size backup-dir suffix chmod chown temp-dir partial-dir link-dest copy-dest compare-dest write-batch only-write-batch read-batch timeout block-size out-format info debug';

/** The other machine of `host:path`, `host::module` and `rsync://host/module`. */
const hostOf = (path: string): string => path.replace(/^rsync:\/\//u, '').replace(/(?<=[^[]):.*$|\/.*$/u, '');

const rsync = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: RSYNC_VALUES });
  const isRemote = (path: string): boolean => /^[^/]+:/u.test(path);
  const target = scan.operands.at(-1) ?? '';
  const lists = scan.operands.length === 1;
  const sources = (lists ? scan.operands : scan.operands.slice(0, -1)).filter((path) => !isRemote(path));
  const named = valuesOf(scan, 'files-from');
  const dry = hasExactly(scan, 'n', 'dry-run') || lists;
  const asked = (names: RegExp): boolean => !dry && scan.options.some(({ name }) => names.test(name));
  const mirrors = asked(/^(del(et?)?|delete.*|force)$/u);
  return [
    ...(mirrors && isRemote(target)
      ? [critical('remote-destroy', 'rsync deletes files on another machine')]
      : mirrors
        ? deletes([target])
        : []),
    ...(asked(/^remove-(source|sent)-files$/u)
      ? sources.length > 0
        ? deletes(sources)
        : [critical('remote-destroy', 'rsync deletes files on another machine')]
      : []),
    ...(isRemote(target) ? sendsFiles(dry ? [] : sources, [hostOf(target)]) : dry ? [] : writes([target])),
    ...readsTree(sources, !lists),
    ...reads([...named, ...valuesOf(scan, 'compare-dest', 'copy-dest', 'read-batch')]),
    ...(named.includes('-') ? reads(seenFrom(sources, listed(call))) : []),
    // Files equal to those there become hard links to them.
    ...writes(
      valuesOf(
        scan,
        'T',
        'temp-dir',
        'partial-dir',
        'backup-dir',
        'log-file',
        'link-dest',
        'write-batch',
        'only-write-batch',
      ),
    ),
    ...valuesOf(scan, 'e', 'rsh', 'rsync-path').map(script),
  ];
};

const zip = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'x i b t n P O s TT unzip-command out temp-path password suffixes exclude include',
  });
  const [out = '', ...sources] = scan.operands;
  return [
    ...(has(scan, 'd', 'delete') ? deletes([out]) : []),
    ...(has(scan, 'm', 'move') ? deletes(sources) : []),
    ...[
      ...valuesOf(scan, 'unzip-command'),
      ...call.args.flatMap((arg, at) => (arg === '-TT' ? [call.args[at + 1] ?? ''] : [])),
    ].map(script),
    ...writes([out, ...valuesOf(scan, 'O', 'out', 'b', 'temp-path')]),
    ...readsTree(
      [...sources, ...(call.args.includes('-@') ? listed(call) : [])],
      has(scan, 'r', 'R', 'recurse-paths'),
    ),
  ];
};

/** 7z: a letter says what it does, options carry their value attached. */
const sevenZip = (call: Invocation): readonly Finding[] => {
  const [action = '', archive = '', ...sources] = call.args.filter((arg) => !arg.startsWith('-'));
  const folders = call.args.flatMap((arg) => /^-[ow](.+)$/u.exec(arg)?.[1] ?? []);
  const makes = ['a', 'u', 'rn'].includes(action);
  return [
    ...(action === 'd' ? deletes([archive]) : []),
    ...(call.args.includes('-sdel') ? deletes(sources) : []),
    ...(makes ? [...writes([archive]), ...readsTree(sources)] : reads([archive])),
    ...writes(folders),
    ...(call.args.includes('-spf') && !makes ? [escapes] : []),
  ];
};

const unzip = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'd x P' });
  return [
    ...reads(scan.operands.slice(0, 1)),
    ...writes(valuesOf(scan, 'd')),
    ...(has(scan, ':') ? [escapes] : []),
  ];
};

/** `-o` packs the files that its input lists, `-p FOLDER` copies them there, `-i` unpacks. */
const cpio = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'F I O D E H C M R file directory pattern-file format owner rsh-command',
    flags: 'o p i t',
  });
  const packs = has(scan, 'o', 'p', 'create', 'pass-through');
  const folders = valuesOf(scan, 'D', 'directory');
  const files = valuesOf(scan, 'F', 'file');
  const names = seenFrom(folders, packs ? listed(call) : []);
  return [
    ...(has(scan, 'l', 'link') ? writes(names) : reads(names)),
    ...(packs ? reads(folders) : has(scan, 't', 'list') ? [] : writes(folders)),
    ...(has(scan, 'o', 'create') ? writes(files) : reads(files)),
    ...reads(valuesOf(scan, 'I')),
    ...writes([...valuesOf(scan, 'O'), ...(has(scan, 'p', 'pass-through') ? scan.operands.slice(-1) : [])]),
    ...valuesOf(scan, 'rsh-command').map(script),
  ];
};

/** Programs that pack, unpack and mirror files. */
export const ARCHIVE_RULES: RuleTable = {
  ...under('tar gtar bsdtar', { base: 'MEDIUM', findings: tar }),
  rsync: { base: 'MEDIUM', findings: rsync },
  zip: { base: 'MEDIUM', findings: zip },
  ...under('7z 7za 7zr', { base: 'MEDIUM', findings: sevenZip }),
  // pax packs what it names, ditto and rclone copy whole folders.
  ...under('pax ditto', {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'f x s b o' });
      const { operands } = scan;
      const copies = call.name === 'ditto' || has(scan, 'r');
      return [
        ...readsTree(copies ? operands.slice(0, -1) : has(scan, 'w') ? operands : []),
        ...writes([...(copies ? operands.slice(-1) : []), ...(has(scan, 'w') ? valuesOf(scan, 'f') : [])]),
        ...(has(scan, 'w') ? [] : reads(valuesOf(scan, 'f'))),
      ];
    },
  }),
  unzip: { base: 'MEDIUM', findings: unzip },
  cpio: { base: 'MEDIUM', findings: cpio },
};
