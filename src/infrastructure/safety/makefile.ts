const ASSIGNS = /^(?:export\s+|override\s+|private\s+)*([\w.-]+)\s*(\?|::?|:::|\+|!)?=\s*(.*)$/u;
const RULE = /^([^\s:#=][^:#=]*)::?(?!=)([^;#]*)(?:;(.*))?$/u;
/** Of a target alone: `clean: DIR = src`. */
const TARGETS_OWN =
  /^[^\s:#=][^:#=]*::?\s*(?:export\s+|override\s+|private\s+)*([\w.-]+)\s*[:?+!]*=\s*(.*)$/u;
/** Which branch holds nobody knows by the text: all of them count. */
const CONDITION =
  /^ *(ifeq|ifneq|ifdef|ifndef|else|endif|export|unexport|undefine|vpath|-?include|sinclude)\b/u;
const DEFINE = /^ *(?:override\s+|export\s+)*define\s+([\w.-]+)/u;

export type Rule = { readonly needs: readonly string[]; readonly lines: readonly string[] };

export type Makefile = {
  readonly rules: ReadonlyMap<string, Rule>;
  /** Several values where the text gives several: by its branches, or one after the other. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  /** Shell texts that run as the makefile is read, whatever the target: `X != y`. */
  readonly reading: readonly string[];
};

const joined = (text: string): readonly string[] =>
  text
    .replaceAll(/\r\n/gu, '\n')
    .replaceAll(/\\\n[ \t]*/gu, ' ')
    .split('\n');

/** Rules and variables of a makefile by its text, all branches of its conditions included. */
export const parseMakefile = (text: string): Makefile => {
  const rules = new Map<string, Rule>();
  const variables = new Map<string, readonly string[]>();
  const reading: string[] = [];
  const assign = (name: string, value: string): void => {
    const before = variables.get(name) ?? [];
    if (!before.includes(value)) variables.set(name, [...before, value]);
  };
  const add = (name: string, { needs, lines }: Rule): void => {
    const before = rules.get(name) ?? { needs: [], lines: [] };
    rules.set(name, { needs: [...before.needs, ...needs], lines: [...before.lines, ...lines] });
  };
  let current: readonly string[] = [];
  let defined: { readonly name: string; readonly lines: string[] } | undefined;
  for (const line of joined(text)) {
    if (defined !== undefined) {
      if (!/^ *endef\b/u.test(line)) defined.lines.push(line.trim());
      else {
        assign(defined.name, defined.lines.join('\n'));
        defined = undefined;
      }
      continue;
    }
    if (line.startsWith('\t')) {
      for (const name of current) add(name, { needs: [], lines: [line.slice(1)] });
      continue;
    }
    const plain = line.replace(/(^|\s)#.*$/u, '').trimEnd();
    const [, multi] = DEFINE.exec(plain) ?? [];
    if (multi !== undefined) defined = { name: multi, lines: [] };
    if (plain.trim() === '' || multi !== undefined) continue;
    const [, variable, kind, value = ''] = ASSIGNS.exec(plain.trimStart()) ?? [];
    if (variable !== undefined) {
      if (kind === '!') reading.push(value);
      else if (kind === '+' && variables.has(variable))
        variables.set(
          variable,
          (variables.get(variable) ?? []).map((before) => `${before} ${value}`),
        );
      else assign(variable, value);
      continue;
    }
    if (CONDITION.test(plain)) continue;
    const [, own, ownValue = ''] = TARGETS_OWN.exec(plain) ?? [];
    if (own !== undefined) {
      assign(own, ownValue);
      current = [];
      continue;
    }
    const [, targets, needs = '', first] = RULE.exec(plain) ?? [];
    current = targets?.trim().split(/\s+/u) ?? [];
    for (const name of current)
      add(name, {
        needs: needs.split(/\s+/u).filter((need) => need !== '' && need !== '|'),
        lines: first === undefined ? [] : [first.trim()],
      });
  }
  return { rules, variables, reading };
};
