import { has, type Scan, scanOptions, valuesOf } from '../options.ts';
import {
  type Invocation,
  type Rule,
  type RuleTable,
  reads,
  readsTree,
  risk,
  under,
  writes,
} from '../rule.ts';

/** Options of such programs that name a file with names of files, whose words they then show. */
const LISTS = 'files0-from from-file';

/** Reads the files it names and prints; no option changes that. */
const reader: Rule = {
  base: 'SAFE',
  findings: (call) => {
    const scan = scanOptions(call.args, { values: LISTS });
    return [
      ...readsTree(
        scan.operands,
        /^(sdiff|diff|diff3|difft|delta)$/u.test(call.name) && has(scan, 'r', 'recursive'),
      ),
      ...reads(valuesOf(scan, 'files0-from', 'from-file')),
    ];
  },
};
/** Names no files at all. */
const silent: Rule = { base: 'SAFE' };

/** The first operand is a pattern or a filter, the rest are files; `deep` says when folders with all below. */
const filter = (values: string, deep: (call: Invocation, scan: Scan) => boolean = () => false): Rule => ({
  base: 'SAFE',
  findings: (call) => {
    const scan = scanOptions(call.args, { values });
    const given = has(scan, 'e', 'f', 'regexp', 'file', 'files');
    return [
      ...readsTree(given ? scan.operands : scan.operands.slice(1), deep(call, scan)),
      ...reads(valuesOf(scan, 'f', 'file', 'from-file')),
    ];
  },
});

const GREP_VALUES =
  'e f A B C m D d g t T j regexp file directories context max-count glob iglob type type-not include exclude exclude-dir color max-depth sort pre threads encoding';

const writesByOption = (values: string, ...names: readonly string[]): Rule => ({
  base: 'SAFE',
  findings: (call) => {
    const scan = scanOptions(call.args, { values });
    return [...reads(scan.operands), ...writes(valuesOf(scan, ...names))];
  },
});

/** `grep -r`; rg, ag and ack always go down into folders. */
const searchesTree = ({ name }: Invocation, scan: Scan): boolean =>
  !/grep$/u.test(name) ||
  has(scan, 'r', 'R', 'recursive', 'dereference-recursive') ||
  valuesOf(scan, 'd', 'directories').includes('recurse');

/** jq takes two words after these; the second names a file. */
const jqFiles = ({ args }: Invocation): readonly string[] =>
  args.flatMap((arg, at) => (/^--(slurp|raw)file$/u.test(arg) ? [args[at + 2] ?? ''] : []));
const withoutPairs = ({ args }: Invocation): readonly string[] =>
  args.filter(
    (_arg, at) => ![1, 2].some((back) => /^--(slurpfile|rawfile|arg|argjson)$/u.test(args[at - back] ?? '')),
  );

/** Programs that only read, after codex's list, with the options that make them more. */
export const READ_ONLY_RULES: RuleTable = {
  ...under(
    'cat head tail wc ls dir vdir stat file du df basename dirname realpath readlink cut tr comm diff cmp nl tac rev paste column fold expand unexpand od hexdump strings md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum md5 shasum join look bat batcat zcat bzcat xzcat zless cloc tokei exa eza lsd zgrep fmt pr tsort sdiff diff3 difft delta',
    reader,
  ),
  ...under(
    'echo printf pwd true false : test [ whoami id uname arch nproc groups tty logname date seq sleep expr which type cal free uptime hostname ps pgrep pidof lsof lscpu lsblk locale getconf numfmt factor yes vmstat iostat netstat ss wait jobs times tput clear ulimit umask shopt getent info help whereis apropos uuidgen mktemp jobs fg bg disown rehash',
    silent,
  ),
  ...under('grep egrep fgrep zgrep ag ack', filter(GREP_VALUES, searchesTree)),
  rg: {
    base: 'SAFE',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: GREP_VALUES });
      const runs = valuesOf(scan, 'pre', 'hostname-bin');
      return [
        ...(filter(GREP_VALUES, searchesTree).findings?.(call) ?? []),
        ...runs.map((text) => ({ is: 'script', text }) as const),
      ];
    },
  },
  ...under('jq gron xmllint', {
    base: 'SAFE',
    findings: (call) => [
      ...(filter('f from-file L indent xpath').findings?.({ ...call, args: withoutPairs(call) }) ?? []),
      ...reads(jqFiles(call)),
    ],
  }),
  yq: {
    base: 'SAFE',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'o p I' });
      return has(scan, 'i', 'inplace', 'in-place')
        ? writes(scan.operands.slice(1))
        : reads(scan.operands.slice(1));
    },
  },
  sort: {
    base: 'SAFE',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'o k t S T output key compress-program files0-from' });
      return [
        ...reads([...scan.operands, ...valuesOf(scan, 'files0-from')]),
        ...writes(valuesOf(scan, 'o', 'output')),
        ...valuesOf(scan, 'compress-program').map((text) => ({ is: 'script', text }) as const),
      ];
    },
  },
  uniq: {
    base: 'SAFE',
    findings: (call) => {
      const { operands } = scanOptions(call.args, { values: 'f s w skip-fields skip-chars check-chars' });
      return [...reads(operands.slice(0, 1)), ...writes(operands.slice(1))];
    },
  },
  xxd: {
    base: 'SAFE',
    findings: (call) => {
      const { operands } = scanOptions(call.args, { values: 'c g l o s' });
      return [...reads(operands.slice(0, 1)), ...writes(operands.slice(1))];
    },
  },
  tree: writesByOption('o L P I', 'o'),
  base64: writesByOption('i o w b', 'o'),
  ...under('less more', {
    base: 'SAFE',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'p P t T k o O b h j x y z' });
      const runs = scan.operands.flatMap((operand) => /^\+\+?[^!|]*[!|](.*)$/u.exec(operand)?.[1] ?? []);
      return [
        ...reads(scan.operands.filter((operand) => !operand.startsWith('+'))),
        ...writes(valuesOf(scan, 'o', 'O')),
        ...runs.map((text) => ({ is: 'script', text }) as const),
      ];
    },
  }),
  man: {
    base: 'SAFE',
    findings: (call) =>
      valuesOf(scanOptions(call.args, { values: 'P H C M S s pager html' }), 'P', 'H', 'pager', 'html').map(
        (text) => ({ is: 'script', text }) as const,
      ),
  },
  ...under('env printenv set', { base: 'MEDIUM' }),
  hostname: {
    base: 'SAFE',
    findings: (call) =>
      scanOptions(call.args).operands.length > 0 ? [risk('system', 'HIGH', 'it renames the machine')] : [],
  },
  date: {
    base: 'SAFE',
    findings: (call) =>
      has(scanOptions(call.args, { values: 'd f r s I date file reference' }), 's', 'set')
        ? [risk('system', 'HIGH', 'it sets the clock')]
        : reads(valuesOf(scanOptions(call.args, { values: 'd f r s I date file reference' }), 'f', 'file')),
  },
};
