import { scanOptions, valuesOf } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable, script, under } from '../rule.ts';

/** tmux: the words behind the options of these sub-commands are a command or keys that are typed. */
const tmux = (call: Invocation): readonly Finding[] => {
  const outer = scanOptions(call.args, { values: 'L S f c T', stopAtOperand: true });
  const [command = '', ...rest] = outer.rest;
  const inner = scanOptions(rest, { values: 't s n c x y e F l p b N', stopAtOperand: true }).rest;
  if (/^(send(-keys)?)$/u.test(command))
    return [script(inner.filter((key) => !/^(Enter|C-\w|Escape|Space|Tab|KPEnter)$/u.test(key)).join(' '))];
  return /^(new(-session|-window)?|neww|split-?w(indow)?|respawn-\w+|respawn[pw]|run(-shell)?|if(-shell)?|pipe-?p(ane)?|popup|display-popup)$/u.test(
    command,
  )
    ? inner.length === 1
      ? inner.map(script)
      : [argv(inner)]
    : valuesOf(outer, 'c').map(script);
};

/** screen: what follows its options runs in the session; `-X stuff` types it. */
const screen = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 'S c e h p s t T L X', stopAtOperand: true });
  const typed = valuesOf(scan, 'X').includes('stuff');
  return typed ? [script(scan.rest.join(' '))] : [argv(scan.rest)];
};

const hyperfine = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, {
    values:
      'w m M r s p c n i S L P D u warmup min-runs max-runs runs setup prepare cleanup conclude shell style sort time-unit export-json export-csv export-markdown output input command-name parameter-list parameter-scan',
  });
  return [...scan.operands, ...valuesOf(scan, 's', 'p', 'c', 'setup', 'prepare', 'cleanup', 'conclude')].map(
    script,
  );
};

const startStop = (call: Invocation): readonly Finding[] => {
  const at = call.args.indexOf('--');
  const before = at === -1 ? call.args : call.args.slice(0, at);
  const programs = valuesOf(
    scanOptions(before, {
      values: 'x a n p u c g d N P I k s r exec startas name pidfile user chuid',
      flags: 'start stop status',
    }),
    'x',
    'a',
    'exec',
    'startas',
  );
  return programs.map((program) => argv([program, ...(at === -1 ? [] : call.args.slice(at + 1))]));
};

/** How many words an option of bwrap takes. */
const BWRAP_TWO = /^--((ro-|dev-)?bind(-try|-data|-fd)?|symlink|setenv|overlay|ro-bind-data|file|chmod)$/u;
const BWRAP_NONE =
  /^--(unshare-.*|share-net|die-with-parent|new-session|clearenv|as-pid-1|help|version|not-a-security-boundary|disable-userns|assert-.*)$/u;

const bwrap = (call: Invocation): readonly Finding[] => {
  let at = 0;
  while (at < call.args.length && (call.args[at] ?? '').startsWith('--')) {
    const option = call.args[at] ?? '';
    if (option === '--') {
      at += 1;
      break;
    }
    at += BWRAP_TWO.test(option) ? 3 : BWRAP_NONE.test(option) ? 1 : 2;
  }
  return [argv(call.args.slice(at))];
};

/** Tcl's own command for files. */
const FILE_COMMAND = /\bfile\s+(delete|rename|copy)\b/u;

/** `spawn`, `system` and `exec` of Tcl's expect. */
const expects = (code: string): readonly Finding[] =>
  [...code.matchAll(/(?:^|[;\n{[]|\s)(?:spawn|system|exec)\s+([^;\n\]}]+)/gu)].map((found) =>
    script(found[1] ?? ''),
  );

/** Programs that keep a command running, repeat it, or put it behind a fence that the judge does not see. */
export const SESSION_RULES: RuleTable = {
  tmux: { base: 'MEDIUM', findings: tmux },
  screen: { base: 'MEDIUM', findings: screen },
  hyperfine: { base: 'MEDIUM', findings: hyperfine },
  'start-stop-daemon': { base: 'MEDIUM', findings: startStop },
  ...under('daemonize daemon', {
    base: 'MEDIUM',
    findings: (call) => [
      argv(scanOptions(call.args, { values: 'c e E o p l u r n N', stopAtOperand: true }).rest),
    ],
  }),
  bwrap: { base: 'MEDIUM', findings: bwrap },
  mispipe: { base: 'MEDIUM', findings: (call) => call.args.map(script) },
  expect: {
    base: 'MEDIUM',
    findings: (call) => {
      const scan = scanOptions(call.args, { values: 'c f', stopAtOperand: true });
      const text = call.stdin.kind === 'text' ? [call.stdin.text] : [];
      return [
        ...[...valuesOf(scan, 'c'), ...text].flatMap(expects),
        ...([...valuesOf(scan, 'c'), ...text].some((code) => FILE_COMMAND.test(code))
          ? [high('inline-code', 'its script deletes or moves files')]
          : []),
        ...[...valuesOf(scan, 'f'), ...scan.rest.slice(0, 1)]
          .filter((file) => file !== '-')
          .map((path): Finding => ({ is: 'read', path })),
      ];
    },
  },
};
