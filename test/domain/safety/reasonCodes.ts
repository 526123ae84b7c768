import { parseSync } from 'vite';

/** Of a syntax tree; its fields are looked at as they come. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nodeOf = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);
const nameOf = (value: unknown): string | undefined => {
  const name = nodeOf(value)?.name;
  return typeof name === 'string' ? name : undefined;
};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const walk = (value: unknown, visit: (node: Node) => void): void => {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  if (typeof value !== 'object' || value === null) return;
  const found = nodeOf(value);
  if (found !== undefined) visit(found);
  if (!Array.isArray(value)) for (const one of Object.values(value)) walk(one, visit);
};

/** A function with the name that it is called by. */
const functionOf = (one: Node): readonly [string | undefined, Node | undefined] => {
  if (one.type === 'FunctionDeclaration') return [nameOf(one.id), one];
  if (one.type === 'VariableDeclarator') return [nameOf(one.id), nodeOf(one.init)];
  if (one.type === 'MethodDefinition') return [nameOf(one.key), nodeOf(one.value)];
  return [undefined, undefined];
};

/** A parameter, or the left side of one that has a default. */
const isCode = (parameter: unknown): boolean => {
  const one = nodeOf(parameter);
  return nameOf(one?.type === 'AssignmentPattern' ? one.left : one) === 'code';
};

const calleeOf = (one: Node): string | undefined => {
  const callee = nodeOf(one.callee);
  return callee?.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee);
};

/** The texts that an expression can be; `undefined` for each that is not written there. */
const textsOf = (value: unknown): readonly (string | undefined)[] => {
  const one = nodeOf(value);
  if (one?.type === 'Literal' && typeof one.value === 'string') return [one.value];
  if (one?.type === 'ConditionalExpression') return [one.consequent, one.alternate].flatMap(textsOf);
  if (one?.type === 'LogicalExpression') return [one.left, one.right].flatMap(textsOf);
  return [undefined];
};

const keys = (one: Node): readonly (string | undefined)[] =>
  listOf(one.properties).map((property) => nameOf(nodeOf(property)?.key));

/**
 * The reason codes that these sources can give: what is written at the place of a parameter `code` of a function of
 * theirs, its default, a variable of that name, and the `code` of an object that has a text or a risk beside it.
 * @returns `unread`: calls with something else at such a place, of functions that are given codes elsewhere
 */
export const reasonCodes = (
  sources: ReadonlyMap<string, string>,
): { readonly codes: ReadonlySet<string>; readonly unread: readonly string[] } => {
  const codes = new Set<string>();
  const unread: { readonly callee: string; readonly where: string }[] = [];
  const given = new Set<string>();
  const trees = [...sources].map(([file, text]) => [file, parseSync(file, text).program] as const);
  const places = new Map<string, Set<number>>();
  const add = (text: string | undefined): boolean => {
    if (text === undefined || !/^[a-z]{2,}([A-Z][a-z]+)*(-[a-z]+)*$/.test(text)) return false;
    codes.add(text);
    return true;
  };
  for (const [, tree] of trees)
    walk(tree, (one) => {
      const [name, made] = functionOf(one);
      listOf(made?.params).forEach((parameter, at) => {
        if (name === undefined || !isCode(parameter)) return;
        places.set(name, (places.get(name) ?? new Set()).add(at));
        for (const text of textsOf(nodeOf(parameter)?.right)) add(text);
      });
      if (one.type === 'VariableDeclarator' && nameOf(one.id) === 'code')
        for (const text of textsOf(one.init)) add(text);
      if (one.type === 'ObjectExpression' && keys(one).some((key) => key === 'text' || key === 'risk'))
        for (const property of listOf(one.properties))
          if (nameOf(nodeOf(property)?.key) === 'code')
            for (const text of textsOf(nodeOf(property)?.value)) add(text);
    });
  for (const [file, tree] of trees)
    walk(tree, (one) => {
      if (one.type !== 'CallExpression') return;
      const callee = calleeOf(one) ?? '';
      for (const at of places.get(callee) ?? []) {
        const passed = nodeOf(listOf(one.arguments)[at]);
        const isPassedOn = nameOf(passed) === 'code' || nameOf(passed?.property) === 'code';
        for (const text of passed === undefined || isPassedOn ? [] : textsOf(passed)) {
          if (add(text)) given.add(callee);
          else unread.push({ callee, where: `${file}: ${callee}` });
        }
      }
    });
  // Functions that take source code have such a parameter too, and no code of ours is ever given to them.
  return { codes, unread: unread.filter(({ callee }) => given.has(callee)).map(({ where }) => where) };
};
