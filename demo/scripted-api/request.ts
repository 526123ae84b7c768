import { z } from 'zod';

const blockSchema = z.looseObject({ type: z.string(), text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(blockSchema)]);

/** The parts of a Messages API request that the script looks at; everything else is kept as it came. */
export const messagesRequestSchema = z.looseObject({
  model: z.string().default('scripted'),
  stream: z.boolean().default(false),
  max_tokens: z.number().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })).default([]),
  tools: z.array(z.looseObject({ name: z.string().default('') })).default([]),
  system: z.unknown().optional(),
  tool_choice: z.unknown().optional(),
  thinking: z.looseObject({ type: z.string().optional() }).optional(),
  output_config: z
    .looseObject({ effort: z.unknown().optional(), format: z.looseObject({ type: z.string() }).nullish() })
    .optional(),
});
export type MessagesRequest = z.infer<typeof messagesRequestSchema>;
export type Message = MessagesRequest['messages'][number];

/** @returns the text blocks of a message, joined by line breaks; tool results are not text. */
export const textOf = (message: Message): string =>
  typeof message.content === 'string'
    ? message.content
    : message.content
        .filter((block) => block.type === 'text')
        .map((block) => block.text ?? '')
        .join('\n');

export const hasToolResult = (message: Message): boolean =>
  typeof message.content !== 'string' && message.content.some((block) => block.type === 'tool_result');

/** True where the caller wants JSON back: the CLI by a tool of this name, other clients by `output_config`. */
export const wantsStructure = (request: MessagesRequest): boolean =>
  offersTool(request, 'StructuredOutput') || request.output_config?.format != null;

export const offersTool = (request: MessagesRequest, name: string): boolean =>
  request.tools.some((tool) => tool.name === name);

/** @returns the JSON of a body, or undefined where it is none. */
export const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
