import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { commandOf, type Trial } from './trials.ts';

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  tool_use_id: z.string().optional(),
  content: z.unknown().optional(),
});
const requestSchema = z.looseObject({
  model: z.string().default('canary'),
  messages: z
    .array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(blockSchema)]) }))
    .default([]),
});
type Message = z.infer<typeof requestSchema>['messages'][number];
type Call = { readonly id: string; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

export type ScriptedModel = {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** What the worker was told of each trial's call. */
  readonly results: ReadonlyMap<Trial, string>;
  close(): Promise<void>;
};

/** Words by which a conversation is known; `nonce` keeps them apart from anything else. */
export const promptOf = (nonce: string): string => `canary ${nonce} main`;
const subPromptOf = (nonce: string): string => `canary ${nonce} sub`;

const blocksOf = ({ content }: Message): readonly z.infer<typeof blockSchema>[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

const says = (messages: readonly Message[], words: string): boolean =>
  messages.some(
    (message) =>
      message.role === 'user' && blocksOf(message).some((block) => block.text?.includes(words) === true),
  );

/**
 * A Messages API on loopback that says one thing only: try what must be refused. The real CLI talks to it as to
 * the real one, so that the proof costs nothing and needs no network.
 */
export const startScriptedModel = async (folder: string, nonce: string): Promise<ScriptedModel> => {
  const results = new Map<Trial, string>();
  const bash = (trial: Trial): Call => ({
    id: `toolu_${trial}_${nonce}`,
    name: 'Bash',
    input: { command: commandOf(folder, trial), description: 'canary' },
  });
  const main: readonly Call[] = [
    bash('direct'),
    bash('thrown'),
    bash('late'),
    {
      id: `toolu_task_${nonce}`,
      name: 'Task',
      input: { description: 'canary', prompt: subPromptOf(nonce), subagent_type: 'general-purpose' },
    },
  ];
  const note = (messages: readonly Message[]): void => {
    for (const block of messages.flatMap(blocksOf)) {
      const trial = /^toolu_(direct|thrown|late|subagent)_/.exec(block.tool_use_id ?? '')?.[1];
      if (trial === 'direct' || trial === 'thrown' || trial === 'late' || trial === 'subagent')
        results.set(trial, JSON.stringify(block.content ?? ''));
    }
  };
  const nextCall = (messages: readonly Message[]): Call | undefined => {
    const steps = says(messages, promptOf(nonce))
      ? main
      : says(messages, subPromptOf(nonce))
        ? [bash('subagent')]
        : [];
    return steps[messages.filter((message) => message.role === 'assistant').length];
  };

  const server = http.createServer((request, response) => {
    void readBody(request).then((raw) => {
      const body = requestSchema.safeParse(parsed(raw));
      if (!body.success || !(request.url ?? '').startsWith('/v1/messages')) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[],"input_tokens":1}');
        return;
      }
      note(body.data.messages);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(answer(body.data.model, nextCall(body.data.messages)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = z
    .object({ port: z.number() })
    .parse(server.address() satisfies AddressInfo | string | null);
  return {
    url: `http://127.0.0.1:${port}`,
    results,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const readBody = async (request: http.IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One answer as server-sent events: a tool call, or the word that ends the turn. */
const answer = (model: string, call: Call | undefined): string => {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const block =
    call === undefined
      ? { start: { type: 'text', text: '' }, delta: { type: 'text_delta', text: 'done' } }
      : {
          start: { type: 'tool_use', id: call.id, name: call.name, input: {} },
          delta: { type: 'input_json_delta', partial_json: JSON.stringify(call.input) },
        };
  const message = {
    id: `msg_${call?.id ?? 'end'}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  return [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block.start },
    { type: 'content_block_delta', index: 0, delta: block.delta },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: call === undefined ? 'end_turn' : 'tool_use', stop_sequence: null },
      usage,
    },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
};
