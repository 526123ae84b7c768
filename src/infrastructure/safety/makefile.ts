/** Prerequisites that are followed for one target. */
const MOST_TARGETS = 64;

type Rule = { readonly needs: readonly string[]; readonly lines: readonly string[] };

const ASSIGNS = /^(?:export\s+|override\s+)*([\w.-]+)\s*(\?|::?|:::|\+|!)?=\s*(.*)$/u;
const RULE = /^([^\s:#=][^:#=]*?)\s*::?(?!=)\s*([^;#]*)(?:;(.*))?$/u;

type Makefile = {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly variables: ReadonlyMap<string, string>;
};

const parsed = (text: string): Makefile => {
  const rules = new Map<string, Rule>();
  const variables = new Map<string, string>();
  let current: readonly string[] = [];
  for (const line of text
    .replaceAll(/\r\n/gu, '\n')
    .replaceAll(/\\\n[ \t]*/gu, ' ')
    .split('\n')) {
    if (line.startsWith('\t')) {
      for (const name of current) {
        const rule = rules.get(name);
        if (rule !== undefined) rules.set(name, { ...rule, lines: [...rule.lines, line.slice(1)] });
      }
      continue;
    }
    const plain = line.replace(/(^|\s)#.*$/u, '').trimEnd();
    if (plain.trim() === '') continue;
    const assigned = ASSIGNS.exec(plain);
    if (assigned !== null) {
      const [, name = '', kind = '', value = ''] = assigned;
      const before = variables.get(name);
      // Said twice, by whatever branch, or printed by a program: nobody knows by the text.
      if (before !== undefined || kind === '!' || kind === '+') variables.set(name, '\u0000');
      else variables.set(name, value);
      current = [];
      continue;
    }
    const rule = RULE.exec(plain);
    if (rule === null) {
      current = [];
      continue;
    }
    const [, targets = '', needs = '', first] = rule;
    current = targets.split(/\s+/u);
    for (const name of current) {
      const before = rules.get(name) ?? { needs: [], lines: [] };
      rules.set(name, {
        needs: [...before.needs, ...needs.split(/\s+/u).filter((need) => need !== '' && need !== '|')],
        lines: [...before.lines, ...(first === undefined ? [] : [first.trim()])],
      });
    }
  }
  return { rules, variables };
};

/** A recipe's line as its shell gets it; undefined where it holds what only make can say. */
const shellLine = (line: string, target: string, { variables }: Makefile): string | undefined => {
  let known = true;
  const text = line
    .replace(/^[@+\s-]+/u, '')
    .replaceAll(
      /\$\$|\$(?:\(([^()]*)\)|\{([^{}]*)\}|(.))/gu,
      (all, round?: string, curly?: string, letter?: string) => {
        if (all === '$$') return '$';
        const name = round ?? curly ?? letter ?? '';
        if (name === '@') return target;
        if (name === 'MAKE') return 'make';
        const value = variables.get(name);
        if (value === undefined || /[$\u0000]/u.test(value)) known = false;
        return value ?? '';
      },
    );
  return known ? text : undefined;
};

/**
 * What make runs for a target by the text of its makefile: the recipes of its prerequisites and its own, one
 * line each, variables of the same makefile written out once.
 * @param target empty for the first one that does not begin with a dot.
 * @returns shell text without the lines that hold what the makefile does not show (functions, variables of the
 *   environment); undefined where there is no such target, or where other files or conditions have a say.
 */
export const recipeOf = (text: string, target: string): string | undefined => {
  // Other files and conditions may say anything.
  if (
    /^(-?include|sinclude|ifeq|ifneq|ifdef|ifndef|define|\.ONESHELL|\.RECIPEPREFIX|SHELL\b|\.SHELLFLAGS)/mu.test(
      text,
    )
  )
    return undefined;
  const makefile = parsed(text);
  const wanted = target === '' ? [...makefile.rules.keys()].find((name) => !name.startsWith('.')) : target;
  if (wanted === undefined || !makefile.rules.has(wanted)) return undefined;
  const seen = new Set<string>();
  const lines: string[] = [];
  const follow = (name: string): boolean => {
    if (seen.has(name)) return true;
    seen.add(name);
    const rule = makefile.rules.get(name);
    if (rule === undefined) return true;
    if (seen.size > MOST_TARGETS || !rule.needs.every(follow)) return false;
    for (const line of rule.lines) {
      // What only make can say of one line says nothing against the others.
      const shell = shellLine(line, name, makefile) ?? '';
      // Each line has a shell of its own: a folder that one changes to is forgotten.
      if (shell.trim() !== '') lines.push(/\bcd\b|^\s*#/u.test(shell) ? `(${shell}\n)` : shell);
    }
    return true;
  };
  return follow(wanted) ? lines.join('\n') : undefined;
};
