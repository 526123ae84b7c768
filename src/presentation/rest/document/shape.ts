import { z } from 'zod';

/** JSON Schema as far as the page shows it. */
export type SchemaShape = z.infer<typeof schemaShape>;
const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  examples: z.array(z.unknown()).optional(),
  get properties() {
    return z.record(z.string(), schemaShape).optional();
  },
  get items() {
    return schemaShape.optional();
  },
  get anyOf() {
    return z.array(schemaShape).optional();
  },
});

const contentShape = z.record(
  z.string(),
  z.looseObject({ schema: schemaShape, example: z.unknown().optional() }),
);

const operationShape = z.looseObject({
  operationId: z.string().optional(),
  tags: z.array(z.string()).default([]),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header', 'cookie']),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: schemaShape,
      }),
    )
    .default([]),
  requestBody: z.looseObject({ content: contentShape }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string(), content: contentShape.optional() }),
  ),
});
export type OperationShape = z.infer<typeof operationShape>;

/** The OpenAPI document as it is written, read and shown. */
export const apiDocumentSchema = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().optional() }),
  tags: z.array(z.looseObject({ name: z.string(), description: z.string().optional() })),
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaShape) }),
});
export type ApiDocument = z.infer<typeof apiDocumentSchema>;
