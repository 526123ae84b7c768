import { has, scanOptions, valuesOf } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, risk, script, writes } from '../rule.ts';
import { assignmentFindings } from './environment.ts';
import { ENV, WRAPPERS, type Wrapper } from './wrapperTable.ts';

const skipped = (
  wrapper: Wrapper,
  rest: readonly string[],
): { words: readonly string[]; assigned: readonly Finding[] } => {
  // `su - user`, `sg - group`: the dash asks for a login.
  let words = rest[0] === '-' && wrapper.own !== undefined ? rest.slice(1) : rest;
  const assigned: Finding[] = [];
  while (wrapper.assigns === true && /^[A-Za-z_][\w%()]*=/u.test(words[0] ?? '')) {
    const [first = '', ...others] = words;
    assigned.push(
      ...assignmentFindings(first.slice(0, first.indexOf('=')), first.slice(first.indexOf('=') + 1)),
    );
    words = others;
  }
  return { words: words.slice(wrapper.own ?? 0), assigned };
};

const commandsIn = (
  wrapper: Wrapper,
  words: readonly string[],
  cwd: string | undefined,
  joined: boolean,
): readonly Finding[] => {
  if (words.length === 0) return [];
  // `flock lock -c 'script'`: the option stands behind the operand.
  if (wrapper.scripts !== undefined && /^(-c|--command)$/u.test(words[0] ?? ''))
    return [script(words[1] ?? '')];
  if (joined) return [script(words.join(' '))];
  return [{ is: 'argv', words, ...(cwd === undefined ? {} : { cwd }) }];
};

/** Only sudo's common form is looked through: its options may start a shell, or edit a file. */
const privileged = (call: Invocation, words: readonly string[], cwd: string | undefined): Finding => {
  const text = `${call.name} gives rights that a worker does not have`;
  const given = call.args[0] === '-n' ? call.args[1] : call.args[0];
  const plain = call.name === 'sudo' && cwd === undefined && !/^-/u.test(given ?? '');
  return plain ? { is: 'privileged', words, text } : high('privilege', text);
};

const ASKS_SUDO =
  /^(-[lvkKVhn]+|--(list|validate|reset-timestamp|remove-timestamp|version|help|non-interactive))$/u;

const wrapperFindings = (wrapper: Wrapper, call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { ...wrapper, stopAtOperand: true });
  const { words, assigned } = skipped(wrapper, scan.rest);
  const cwd = wrapper.folder === undefined ? undefined : valuesOf(scan, wrapper.folder, 'chdir').at(-1);
  const joined = wrapper.joined === true || (wrapper.joinedBy !== undefined && has(scan, wrapper.joinedBy));
  const scripts = (wrapper.scripts ?? '').split(' ').filter((name) => name !== '');
  // `env -S 'rm x' y` and `command -v rm`: text for a shell, or a question about a name.
  if (call.name === 'command' && has(scan, 'v', 'V')) return [];
  // ast-grep has the same name, and options where the group's command would stand.
  if (call.name === 'sg' && /^-(?!c)/u.test(call.args[1] ?? ''))
    return [risk('command', 'MEDIUM', 'it runs a program')];
  // It only says what it could do, or forgets that it may.
  if (call.name === 'sudo' && call.args.length > 0 && call.args.every((arg) => ASKS_SUDO.test(arg)))
    return [];
  return [
    ...(wrapper.privileged === true ? [privileged(call, words, cwd)] : []),
    ...assigned,
    ...writes([
      ...valuesOf(scan, ...(wrapper.outputs ?? '').split(' ').filter((name) => name !== '')),
      ...(wrapper.records === true ? scan.rest.slice(0, 1).filter((word) => !word.startsWith('-')) : []),
    ]),
    ...valuesOf(scan, ...scripts).map((text) =>
      script([text, ...(call.name === 'env' ? words : [])].join(' ')),
    ),
    ...commandsIn(wrapper, words, cwd, joined),
    // An option that the table does not know may have a value: the word after it is a command then, too.
    ...(scan.unknown.length > 0 && words.length > 1 ? commandsIn(wrapper, words.slice(1), cwd, joined) : []),
    ...(wrapper.own !== undefined && words.length === 0 && scan.rest.length > 0 && call.name !== 'su'
      ? commandsIn(wrapper, scan.rest, cwd, joined)
      : []),
  ];
};

const scheduled = (): readonly Finding[] => [high('system', 'it makes commands run later, out of sight')];

export const WRAPPER_RULES: RuleTable = {
  ...Object.fromEntries(
    Object.entries(WRAPPERS).map(([name, wrapper]) => [
      name,
      { base: 'SAFE', findings: (call: Invocation) => wrapperFindings(wrapper, call) } as const,
    ]),
  ),
  env: {
    base: 'SAFE',
    findings: (call) => {
      const found = wrapperFindings(ENV, call);
      // Alone it prints what the environment keeps; with a PATH of its own any name may be another program.
      const plain = found.some(({ is }) => is === 'argv') && !call.args.some((arg) => /^\w*PATH=/u.test(arg));
      return plain ? found : [...found, risk('command', 'MEDIUM', 'it reads or changes the environment')];
    },
  },
  at: { base: 'MEDIUM', findings: scheduled },
  batch: { base: 'MEDIUM', findings: scheduled },
};
