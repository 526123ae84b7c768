import type { Block, Reply, StreamEvent } from './reply.ts';

const PIECE = 4000;

const pieces = (text: string): string[] =>
  Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
    text.slice(index * PIECE, (index + 1) * PIECE),
  );

/** A block as it looks before its first delta, and its deltas. */
const inParts = (
  block: Block,
): { readonly empty: Block; readonly deltas: readonly Readonly<Record<string, string>>[] } => {
  if (block.type === 'text') {
    return {
      empty: { ...block, text: '' },
      deltas: pieces(block.text).map((text) => ({ type: 'text_delta', text })),
    };
  }
  if (block.type === 'thinking') {
    return {
      empty: { ...block, thinking: '', signature: '' },
      deltas: [
        { type: 'thinking_delta', thinking: block.thinking },
        { type: 'signature_delta', signature: block.signature },
      ],
    };
  }
  // Cut in two, so that a client that does not put partial JSON together fails here and not in the field.
  const json = JSON.stringify(block.input);
  const half = Math.ceil(json.length / 2);
  return {
    empty: { ...block, input: {} },
    deltas: [json.slice(0, half), json.slice(half)].map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    })),
  };
};

/** The events of a streamed answer, in the order in which the Messages API sends them. */
export const streamEvents = (reply: Reply): readonly StreamEvent[] => {
  const { content, stop_reason, usage, ...rest } = reply;
  const message = { ...rest, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    { type: 'message_start', data: { message } },
    { type: 'ping', data: {} },
    ...content.flatMap((block, index) => {
      const { empty, deltas } = inParts(block);
      return [
        { type: 'content_block_start', data: { index, content_block: empty } },
        ...deltas.map((delta) => ({ type: 'content_block_delta', data: { index, delta } })),
        { type: 'content_block_stop', data: { index } },
      ];
    }),
    {
      type: 'message_delta',
      data: { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: usage.output_tokens } },
    },
    { type: 'message_stop', data: {} },
  ];
};

/** One event in the text form of server-sent events. */
export const encode = (event: StreamEvent): string =>
  `event: ${event.type}\ndata: ${JSON.stringify({ type: event.type, ...event.data })}\n\n`;
