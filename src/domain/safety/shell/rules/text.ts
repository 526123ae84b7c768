import { HOME, isUncertain } from '../../markers.ts';
import { has, scanOptions, valuesOf } from '../options.ts';
import {
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  reads,
  script,
  under,
  writes,
} from '../rule.ts';
import { literalPaths } from './codePaths.ts';
import { printed } from './stdinText.ts';

/** `e` runs commands: as a command of its own or as a flag of `s`. */
const sedRuns = (program: string): boolean =>
  /(^|[;{}\n])[ \t]*(\d+|\$)(,(\d+|\$))?!?[ \t]*e\S/u.test(program) ||
  /(^|[;{}\n$/\d])[ \t]*e(\s|$)/u.test(program.replaceAll(/s([^\w\s\\]).*?\1.*?\1[gpiIm\d]*/gu, '')) ||
  /s([^\w\s\\])(?:\\.|(?!\1).)*\1(?:\\.|(?!\1).)*\1[gpiIm\d]*e/u.test(program);

const sedWrites = (program: string): readonly string[] => [
  ...[...program.matchAll(/(?:^|[;{}\n$/\d])[ \t]*w[ \t]+(\S+)/gu)].map((match) => match[1] ?? ''),
  // The flag `w` of `s`, whose file may follow at once.
  ...[
    ...program.matchAll(
      /s([^\w\s\\])(?:\\.|(?!\1).)*\1(?:\\.|(?!\1).)*\1[gpiIm\d]*w[ \t]*([/.~\u0001]\S+)/gu,
    ),
  ].map((match) => match[2] ?? ''),
];

/** `r FILE` and `R FILE`. */
const sedReads = (program: string): readonly string[] =>
  [...program.matchAll(/(?:^|[;{}\n$/\d])[ \t]*[rR][ \t]*([/.~\u0001]\S+)/gu)].map((match) => match[1] ?? '');

const sed = (call: Invocation): readonly Finding[] => {
  const args = call.args.map((arg) => (/^-i/u.test(arg) ? '-i' : arg));
  const scan = scanOptions(args, { values: 'e f l expression file line-length' });
  const inline = valuesOf(scan, 'e', 'expression');
  const named = inline.length > 0 || has(scan, 'f', 'file');
  const fed = valuesOf(scan, 'f', 'file').some((file) => /^(-|\/dev\/stdin)$/u.test(file));
  const programs = [...(named ? inline : scan.operands.slice(0, 1)), ...(fed ? [printed(call) ?? '1e'] : [])];
  const files = named ? scan.operands : scan.operands.slice(1);
  const edits = has(scan, 'i', 'in-place') || scan.options.some(({ name }) => name === 'i');
  return [
    ...(programs.some(sedRuns) ? [high('inline-code', 'its sed program runs commands')] : []),
    ...writes(programs.flatMap(sedWrites)),
    ...reads([...programs.flatMap(sedReads), ...valuesOf(scan, 'f', 'file')]),
    ...(edits ? writes(files) : reads(files)),
  ];
};

const SHELL = /(^|\/)(ba|z|da|k|mk|a|fi|c|tc)?sh$|(^|\/)(python\d?|perl|ruby|node|php|xargs|env|sudo)$/u;

/** awk's `system("…")`, `"…" | getline` and `print | "…"`: what the string says is judged, the rest refused. */
const awkCommands = (program: string): readonly Finding[] => {
  const bare = program.replaceAll(/"(?:\\.|[^"\\])*"/gu, '""').replaceAll(/\/(?:\\.|[^/\\\n])*\//gu, '');
  const texts = [
    ...program.matchAll(/system\s*\(\s*"((?:\\.|[^"\\])*)"\s*\)/gu),
    ...program.matchAll(/\|&?\s*"((?:\\.|[^"\\])*)"\s*(?=[;}\n]|$)/gu),
    ...program.matchAll(/"((?:\\.|[^"\\])*)"\s*\|&?\s*getline/gu),
  ].map((match) => script((match[1] ?? '').replaceAll(/\\(.)/gu, '$1')));
  // What it prints into a shell is a script that no text shows.
  const fed = [...program.matchAll(/\|&?\s*"\s*([^"\s]+)/gu)].some((match) => SHELL.test(match[1] ?? ''));
  const calls = [...bare.matchAll(/system\s*\(|\|&?\s*(?!\|)(?<!\|\|)|@load/gu)].filter(
    (m) => !/\|\|/u.test(bare.slice(Math.max(0, (m.index ?? 0) - 1), (m.index ?? 0) + 2)),
  );
  return calls.length > texts.length || fed
    ? [...texts, high('inline-code', 'its awk program runs commands')]
    : texts;
};

const awk = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values: 'F v f i l e file assign field-separator include load source',
    stopAtOperand: true,
  });
  const fromFile = has(scan, 'f', 'file');
  const fed = valuesOf(scan, 'f', 'file').some((file) => /^(-|\/dev\/stdin)$/u.test(file));
  const programs = [
    ...(fromFile ? [] : scan.operands.slice(0, 1)),
    ...valuesOf(scan, 'e', 'source'),
    ...(fed ? [printed(call) ?? 'system('] : []),
  ];
  const files = fromFile ? scan.operands : scan.operands.slice(1);
  const edits = valuesOf(scan, 'i', 'include').includes('inplace');
  const targets = programs.flatMap((program) =>
    [...program.matchAll(/>>?\s*"([^"]+)"/gu)].map((match) => match[1] ?? ''),
  );
  return [
    ...programs.flatMap((program) =>
      isUncertain(program) && /system|\|/u.test(program)
        ? [high('inline-code', 'its awk program is known only when it runs')]
        : awkCommands(program),
    ),
    ...writes(targets),
    // What it may read by getline, besides its files.
    ...programs.flatMap(literalPaths),
    ...(edits ? writes(files) : reads(files)),
  ];
};

/** `:w FILE` and its kin in the commands of vi, ex and ed. */
const SAVES =
  /(?:^|[|:\n])[ \t]*[\d%.$,'<>a-z]*?(?:w|write|wq|sav|saveas|x|xit|up|update|redir|mks?e?s?s?i?o?n?|mkvimrc|wundo|wviminfo)!?\s+(?:>>?\s*)?([^\s|>!]\S*)/gu;
const OPENS =
  /(?:^|[|:\n])[ \t]*[\d%.$,]*(?:r|read|e|edit|so|source|sp|split|tabe|tabedit|vs|vsplit)!?\s+([^\s|!]\S*)/gu;

const named = (texts: readonly string[], pattern: RegExp): readonly string[] =>
  texts.flatMap((text) =>
    [...text.matchAll(pattern)].map((match) => (match[1] ?? '').replace(/^~(?=\/)/u, HOME)),
  );

/** Languages and terminals inside vim, and what it does silently. */
const EMBEDDED =
  /(?:^|[\n|:])\s*(?:sil(?:ent)?!?\s+(?:exe\w*\s+["']\s*)?!|exe\w*\s+["']\s*(?:sil\w*\s+)?!|(?:py3?|py3do|pydo|python3?|pyx|pyxdo|lua|luado|perl|perldo|ruby|rubydo|tcl|mz(?:scheme)?|term(?:inal)?)!?\s)/u;

/** Editors without a screen: `ex`, `vim -c`, `ed`. */
const editor = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(
    call.args.map((arg) =>
      call.name === 'emacsclient' && arg === '-e' ? '--eval' : arg.replace(/^-(eval|batch|execute)$/u, '-$&'),
    ),
    { values: `c cmd S eval execute w W i u${/^emacs/u.test(call.name) ? ' l load script f funcall' : ''}` },
  );
  const commands = [
    ...valuesOf(scan, 'c', 'cmd', 'eval', 'execute'),
    ...scan.operands.filter((operand) => operand.startsWith('+')).map((operand) => operand.slice(1)),
  ];
  const fed = printed(call);
  const texts = [...commands, ...(fed === undefined ? [] : [fed])];
  const runs = texts.some(
    (text) =>
      EMBEDDED.test(text) ||
      /(^|[\n|+:])[ \t]*(\d*[%.$,\d]*)?!|system\(|delete\(|writefile\(|rename\(|:?call\s+(system|delete)|\bshell-command\b|\bdelete-(file|directory)\b|\bwrite-(region|file)\b|\bcall-process\b/u.test(
        text,
      ),
  );
  return [
    ...(runs ? [high('inline-code', 'its editor commands run programs, write elsewhere or delete')] : []),
    ...valuesOf(scan, 'S', 'l', 'load', 'script').map(
      (path): Finding => ({ is: 'execute', path, as: 'rare' }),
    ),
    ...writes(named(texts, SAVES)),
    ...reads([...named(texts, OPENS), ...valuesOf(scan, 'S')]),
    ...writes(valuesOf(scan, 'w', 'W')),
    ...writes(scan.operands.filter((operand) => !operand.startsWith('+'))),
  ];
};

/** Programs of sed, awk and editors are short; a long one is not read. */
const MOST_PROGRAM = 8_192;

const short =
  (findings: (call: Invocation) => readonly Finding[]) =>
  (call: Invocation): readonly Finding[] =>
    [...call.args, printed(call) ?? ''].some((text) => text.length > MOST_PROGRAM)
      ? [high('too-complex', 'its program is too long to be read')]
      : findings(call);

export const TEXT_RULES: RuleTable = {
  ...under('sed gsed', { base: 'MEDIUM', findings: short(sed) }),
  ...under('awk gawk mawk nawk original-awk bwk goawk', { base: 'MEDIUM', findings: short(awk) }),
  ...under('ex ed vi vim nvim view emacs emacsclient nano', { base: 'MEDIUM', findings: short(editor) }),
};
