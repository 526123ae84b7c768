import { z } from 'zod';
import { type ComponentName, INPUTS, OUTPUTS } from './components.ts';
import { EXAMPLES } from './examples.ts';
import { FIELD_WORDS } from './fieldWords.ts';

/** JSON Schema of one component, as OpenAPI 3.1 has it. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

export const refTo = (name: ComponentName): { readonly $ref: string } => ({
  $ref: `#/components/schemas/${name}`,
});

/** Fields without words of their own get them by their name: a name means one thing in the whole API. */
const describeFields = (properties: Record<string, unknown>): void => {
  for (const [name, schema] of Object.entries(properties)) {
    const words = FIELD_WORDS[name];
    if (typeof schema !== 'object' || schema === null || words === undefined) continue;
    if (!('description' in schema)) Object.assign(schema, { description: words });
  }
};

const OPTIONS = {
  target: 'draft-2020-12',
  unrepresentable: 'any',
  uri: (id: string) => `#/components/schemas/${id}`,
} as const;

const schemasOf = (
  table: Readonly<Record<string, readonly [z.ZodType, string]>>,
  io: 'input' | 'output',
): Record<string, JsonSchema> => {
  const registry = z.registry<{ id: string }>();
  for (const [id, [schema]] of Object.entries(table)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...OPTIONS,
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
      // Answers may have more fields one day: their readers pass over what they do not know.
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      if (jsonSchema.properties !== undefined) describeFields(jsonSchema.properties);
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema, $id, ...schema }]) => [
      name,
      { description: table[name]?.[1] ?? '', ...schema, examples: [...(EXAMPLES[name] ?? [])] },
    ]),
  );
};

/** All components by name. */
export const componentSchemas = (): Record<string, JsonSchema> => ({
  ...schemasOf(INPUTS, 'input'),
  ...schemasOf(OUTPUTS, 'output'),
});

/** The schema of one parameter. */
export const parameterSchema = (schema: z.ZodType): JsonSchema => {
  const { $schema, ...json } = z.toJSONSchema(schema, { ...OPTIONS, io: 'output' });
  return json;
};
