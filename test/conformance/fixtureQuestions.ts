import type {
  CallToolResult,
  ElicitRequestFormParams,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

type Schema = ElicitRequestFormParams['requestedSchema'];

const PERSON: Schema = {
  type: 'object',
  properties: { username: { type: 'string' }, email: { type: 'string' } },
  required: ['username', 'email'],
};

const DEFAULTS: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
};

const OPTIONS = ['option1', 'option2', 'option3'];
const titled = (...titles: string[]) => titles.map((title, at) => ({ const: `value${at + 1}`, title }));

const ENUMS: Schema = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: OPTIONS },
    titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
    titledMulti: { type: 'array', items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') } },
  },
};

/** The tools of the official suite that ask the client in the middle of a call. */
export const registerFixtureQuestions = (server: McpServer): void => {
  const add = (
    name: string,
    input: z.ZodRawShape,
    call: (words: string, context: ServerContext) => Promise<string>,
  ): void =>
    void server.registerTool(
      name,
      { description: `Fixture ${name}`, inputSchema: z.object(input) },
      async (args, context): Promise<CallToolResult> => {
        const words = Object.values(args).join(' ');
        return { content: [{ type: 'text', text: await call(words, context) }] };
      },
    );
  const asks =
    (requestedSchema: Schema) =>
    async (message: string, { mcpReq }: ServerContext): Promise<string> => {
      const params = {
        mode: 'form',
        message: message === '' ? 'Please say' : message,
        requestedSchema,
      } as const;
      const { action, content } = await server.server.elicitInput(params, { relatedRequestId: mcpReq.id });
      return `User response: action=${action}, content=${JSON.stringify(content)}`;
    };

  add('test_sampling', { prompt: z.string() }, async (text, { mcpReq }) => {
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text } }];
    const { content } = await server.server.createMessage(
      { messages, maxTokens: 100 },
      { relatedRequestId: mcpReq.id },
    );
    return `LLM response: ${JSON.stringify(content)}`;
  });
  add('test_elicitation', { message: z.string() }, asks(PERSON));
  add('test_elicitation_sep1034_defaults', {}, asks(DEFAULTS));
  add('test_elicitation_sep1330_enums', {}, asks(ENUMS));
};
