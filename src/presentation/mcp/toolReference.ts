import { z } from 'zod';
import type { Tool } from './tool.ts';
import { TOOLS } from './tools/index.ts';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

const typeOf = (schema: Node): string => {
  if (Array.isArray(schema.enum))
    return strings(schema.enum)
      .map((value) => `\`${value}\``)
      .join(', ');
  if (schema.type !== 'array') return String(schema.type ?? 'any');
  return isNode(schema.items) && schema.items.type !== 'object' ? `list of ${typeOf(schema.items)}` : 'list';
};

const rangeOf = ({ minimum, maximum }: Node): string => {
  const isBound = (bound: unknown): bound is number =>
    typeof bound === 'number' && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
  if (isBound(minimum) && isBound(maximum)) return ` ${minimum} to ${maximum}`;
  if (isBound(minimum)) return ` from ${minimum}`;
  return isBound(maximum) ? ` up to ${maximum}` : '';
};

/** A field and, below it, the fields of the objects that it holds. */
const fieldRows = (name: string, schema: Node, isRequired: boolean): readonly string[] => {
  const notes = [
    isRequired ? 'required' : '',
    schema.default === undefined ? '' : `default \`${JSON.stringify(schema.default)}\``,
    typeof schema.description === 'string' ? schema.description : '',
  ].filter((note) => note !== '');
  const row = `| \`${name}\` | ${typeOf(schema)}${rangeOf(schema)} | ${notes.join('; ')} |`;
  if (isNode(schema.items)) return [row, ...objectRows(`${name}[].`, schema.items)];
  return [row, ...objectRows(`${name}.`, schema)];
};

const objectRows = (prefix: string, schema: Node): readonly string[] => {
  const required = new Set(strings(schema.required));
  return Object.entries(isNode(schema.properties) ? schema.properties : {}).flatMap(([name, field]) =>
    isNode(field) ? fieldRows(`${prefix}${name}`, field, required.has(name)) : [],
  );
};

const table = (title: string, schema: z.ZodType, io: 'input' | 'output'): readonly string[] => {
  const rows = objectRows('', z.toJSONSchema(schema, { io, reused: 'inline' }));
  if (rows.length === 0) return [`${title}: none.`, ''];
  return [`${title}:`, '', '| Field | Type | |', '|---|---|---|', ...rows, ''];
};

const section = (tool: Tool): readonly string[] => {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations;
  const nature = [
    readOnlyHint ? 'Changes nothing' : 'Changes things',
    destructiveHint ? 'may end or replace work' : 'destroys nothing',
    idempotentHint ? 'may be repeated' : 'each call counts',
    openWorldHint ? 'lets workers act' : 'stays within the orchestrator',
  ];
  return [
    `## ${tool.name}`,
    '',
    `${tool.description}`,
    '',
    `${nature.join('; ')}.`,
    '',
    ...table('Arguments', tool.input, 'input'),
    ...table('Answer', tool.output, 'output'),
  ];
};

/** docs/tool-reference.md, made of the tool objects. */
export const toolReference = (): string =>
  [
    '# Tool reference',
    '',
    'Made from the tool objects by `node scripts/tool-reference.ts`; a test keeps it current. A failed call has `isError` and, in place of the answer below, `code`, `message`, `hint`, `retryable` and, where it is known, `retry_after_ms`. Arguments that are not listed are refused.',
    '',
    ...TOOLS.flatMap(section),
  ].join('\n');
