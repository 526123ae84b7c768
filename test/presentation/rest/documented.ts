import fc from 'fast-check';
import { z } from 'zod';
import type { ApiDocument, SchemaShape } from '../../../src/presentation/rest/document/shape.ts';

/** A schema with its references turned into those of one closed JSON Schema. */
const inDefs = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inDefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' ? String(item).replace('#/components/schemas/', '#/$defs/') : inDefs(item),
    ]),
  );
};

/** Objects take no more than the document says, but for those that say that they do. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    key === 'examples' || key === 'example' ? item : closed(item),
  ]);
  return 'properties' in value && !('additionalProperties' in value)
    ? { ...Object.fromEntries(entries), additionalProperties: false }
    : Object.fromEntries(entries);
};

/** Without what says nothing of values, and without patterns of Unicode classes, which the reader takes literally. */
const withoutNotes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      (key === 'examples' && Array.isArray(item)) ||
      (key === 'description' && typeof item === 'string') ||
      (key === 'pattern' && typeof item === 'string' && item.includes('\\p{'))
        ? []
        : [[key, withoutNotes(item)]],
    ),
  );
};

/** What the document says of a value, as a schema to hold the value against. */
export const validatorOf = ({ components }: ApiDocument, schema: SchemaShape): z.ZodType =>
  z.fromJSONSchema(
    z
      .custom<z.core.JSONSchema.JSONSchema>((value) => typeof value === 'object')
      .parse(withoutNotes(closed(inDefs({ ...schema, $defs: components.schemas })))),
  );

const facets = z.looseObject({
  pattern: z.string().optional(),
  minLength: z.number().default(0),
  maxLength: z.number().default(40),
  minimum: z.number().default(0),
  maximum: z.number().default(1000),
  exclusiveMinimum: z.number().optional(),
  minItems: z.number().default(0),
  maxItems: z.number().default(3),
});

const text = (schema: SchemaShape): fc.Arbitrary<string> => {
  const { pattern, minLength, maxLength } = facets.parse(schema);
  const max = Math.min(maxLength, minLength + 40);
  return pattern === undefined
    ? fc.string({ minLength, maxLength: max })
    : fc.stringMatching(new RegExp(pattern)).filter((one) => one.length <= maxLength);
};

/** Values that the document allows. */
export const arbitraryOf = (document: ApiDocument, schema: SchemaShape): fc.Arbitrary<unknown> => {
  const of = (one: SchemaShape): fc.Arbitrary<unknown> => arbitraryOf(document, one);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    return of(document.components.schemas[name] ?? {});
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(of));
  const { minimum, maximum, exclusiveMinimum, minItems, maxItems } = facets.parse(schema);
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum, minimum + 100_000) });
    case 'number':
      return fc.integer({
        min: Math.ceil(exclusiveMinimum ?? minimum) + (exclusiveMinimum === undefined ? 0 : 1),
        max: maximum,
      });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: minItems,
        maxLength: Math.min(maxItems, minItems + 3),
      });
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(
        ([name, field]) => [name, of(field)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] });
    }
    default:
      return fc.jsonValue();
  }
};
