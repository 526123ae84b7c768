import { z } from 'zod';
import type { ListedTool } from './score.ts';

export type LiveModel = {
  readonly apiKey: string;
  /** Where the Messages API is, without `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** What the server tells of itself. */
  readonly instructions: string;
};

const messageSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })),
});

/** Which tool the model calls first for what a user says; undefined where it calls none. */
export const askModel = async (
  says: string,
  tools: readonly ListedTool[],
  { apiKey, baseUrl, model, instructions }: LiveModel,
): Promise<string | undefined> => {
  const response = await fetch(`${baseUrl.replace(/\/$/, '')}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': apiKey },
    body: JSON.stringify({
      model,
      max_tokens: 1024,
      system: `${instructions}\n\nThe repository is /work/shop. The last job is job_0123456789abcdef.`,
      messages: [{ role: 'user', content: says }],
      tools: tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        input_schema: inputSchema,
      })),
    }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`the model answered ${response.status}: ${await response.text()}`);
  const { content } = messageSchema.parse(await response.json());
  return content.find(({ type }) => type === 'tool_use')?.name;
};
