import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';

type Node = Readonly<Record<string, unknown>>;
type Direction = 'input' | 'output';

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords whose values are maps from names of fields to schemas. */
const NAME_MAPS: ReadonlySet<string> = new Set(['properties', '$defs']);

/** Checks that the server makes all the same, and whose errors say more than the keyword does. */
const UNTOLD: ReadonlySet<string> = new Set([
  '$schema',
  'pattern',
  'minLength',
  'maxLength',
  'maxItems',
  'exclusiveMinimum',
  'readOnly',
]);

const isUntold = (key: string, value: unknown): boolean =>
  UNTOLD.has(key) ||
  // zod writes the range of safe integers out.
  (typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER);

const lean = (value: unknown, names = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => lean(item));
  if (!isNode(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => names || !isUntold(key, item))
      .map(([key, item]) => [key, lean(item, !names && NAME_MAPS.has(key))]),
  );
};

const fieldsOf = ({ properties, required }: Node): readonly (readonly [string, unknown])[] =>
  Object.entries(isNode(properties) ? properties : {}).filter(
    ([name]) => Array.isArray(required) && required.includes(name),
  );

/**
 * The fields that an answer always has, by name, and the words that one may have. Types are left out: a model sees the values, and
 * clients have nothing to hold against them; they stand in docs/tool-reference.md.
 */
const outline = (schema: Node): Record<string, unknown> => ({
  type: 'object',
  properties: Object.fromEntries(
    fieldsOf(schema).map(([name, field]) => [
      name,
      isNode(field) && field.enum !== undefined ? { enum: field.enum } : {},
    ]),
  ),
});

/**
 * The JSON schema of a zod schema as `tools/list` shows it. Every client's model pays for it in each
 * conversation, so it says what helps to call and to read, and leaves to the server what only checks.
 * An output has no `required`: error answers have other fields, and 1.x clients hold those, too, against it.
 */
export const leanJsonSchema = (schema: z.ZodType, direction: Direction): Record<string, unknown> => {
  const json = lean(z.toJSONSchema(schema, { io: direction, reused: 'inline' }));
  if (!isNode(json)) return { type: 'object' };
  return direction === 'output' ? outline(json) : { ...json };
};

/**
 * A schema for the SDK that shows `leanJsonSchema` and lets every value pass: arguments are checked by the
 * tool itself, so that a mistake gets the same kind of error as everything else (code, hint, field names).
 */
export const publishedSchema = (schema: z.ZodType, direction: Direction): StandardSchemaWithJSON => {
  let json: Record<string, unknown> | undefined;
  const jsonOnce = (): Record<string, unknown> => {
    json ??= leanJsonSchema(schema, direction);
    return json;
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'claude-orchestrator',
      validate: (value) => ({ value }),
      jsonSchema: { input: jsonOnce, output: jsonOnce },
    },
  };
};
