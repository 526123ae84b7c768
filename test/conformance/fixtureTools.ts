import type {
  CallToolResult,
  McpServer,
  ServerContext,
  StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

/** One red pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A sound of no length. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

const text = (words: string) => ({ type: 'text' as const, text: words });

const progress = async ({ mcpReq }: ServerContext): Promise<CallToolResult> => {
  const progressToken = mcpReq._meta?.progressToken;
  for (const done of progressToken === undefined ? [] : [0, 50, 100]) {
    await mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress: done, total: 100 },
    });
  }
  return { content: [text('done')] };
};

/** A schema with what the suite wants to find again, as it is. */
const SCHEMA_2020_12 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
};

const schema2020: StandardSchemaWithJSON = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => ({ value }),
    jsonSchema: { input: () => SCHEMA_2020_12, output: () => SCHEMA_2020_12 },
  },
};

/** The tools that the official suite asks every server for. */
export const registerFixtureTools = (server: McpServer): void => {
  const add = (
    name: string,
    call: (context: ServerContext) => CallToolResult | Promise<CallToolResult>,
  ): void =>
    void server.registerTool(
      name,
      { description: `Fixture ${name}`, inputSchema: z.looseObject({}) },
      (_args, context) => call(context),
    );

  add('test_simple_text', () => ({ content: [text('This is a simple text response for testing.')] }));
  add('test_image_content', () => ({ content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] }));
  add('test_audio_content', () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }));
  add('test_embedded_resource', () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }));
  add('test_multiple_content_types', () => ({
    content: [
      text('Multiple content types test:'),
      { type: 'image', data: PNG, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }));
  add('test_error_handling', () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  add('test_tool_with_progress', progress);
  server.registerTool(
    'json_schema_2020_12_tool',
    {
      description: 'Fixture with JSON Schema 2020-12',
      inputSchema: schema2020,
    },
    () => ({ content: [text('ok')] }),
  );
};
