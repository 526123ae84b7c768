import { z } from 'zod';
import { TaskValidationError } from '../../src/domain/errors/index.ts';
import type { Marker } from './markers.ts';
import { type MessagesRequest, offersTool } from './request.ts';
import type { Step } from './turn.ts';

type Input = Readonly<Record<string, unknown>>;

export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Input };

type Usage = {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
  readonly service_tier: 'standard';
};

/** One answer of the model, in the shape of the Messages API. */
export type Reply = {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly Block[];
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly usage: Usage;
};

/** One server-sent event: its name, and its data without the `type` that repeats the name. */
export type StreamEvent = { readonly type: string; readonly data: Input };

const inputSchema = z.record(z.string(), z.unknown());
const callsSchema = z.array(z.object({ name: z.string(), input: inputSchema.default({}) }));

const parseJson = <T>(schema: z.ZodType<T>, json: string, step: Step): T => {
  const fail = (cause: unknown) =>
    new TaskValidationError(
      `The argument of [[${step.name}:…]] is not what it should be: ${json.slice(0, 200)}`,
      {
        hint: 'Write valid JSON: [[tool:Name {"key": "value"}]], [[tools:[{"name": "…", "input": {}}]]], [[json:{}]].',
        cause,
      },
    );
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw fail(cause);
  }
};

const argumentOf = (markers: readonly Marker[], name: string): string | undefined =>
  markers.find((marker) => marker.name === name)?.argument;

/** @returns the number that a condition marker carries, or `otherwise`. */
export const numberOf = (markers: readonly Marker[], name: string, otherwise: number): number => {
  const value = Number.parseFloat(argumentOf(markers, name) ?? '');
  return Number.isFinite(value) ? value : otherwise;
};

const usageOf = (markers: readonly Marker[]): Usage => {
  const given = new Map(
    (argumentOf(markers, 'usage') ?? '').split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name.trim(), Number(value)];
    }),
  );
  return {
    input_tokens: given.get('in') ?? 100,
    cache_creation_input_tokens: given.get('cw') ?? 0,
    cache_read_input_tokens: given.get('cr') ?? 0,
    output_tokens: given.get('out') ?? 20,
    service_tier: 'standard',
  };
};

const callsOf = (step: Step, request: MessagesRequest): readonly { name: string; input: Input }[] => {
  if (step.name === 'tools') return parseJson(callsSchema, step.argument, step);
  if (step.name === 'tool') {
    const [, name = '', json = ''] = /^(\S+)\s*([\s\S]*)$/.exec(step.argument) ?? [];
    return [{ name, input: parseJson(inputSchema, json === '' ? '{}' : json, step) }];
  }
  return step.name === 'json' && offersTool(request, 'StructuredOutput')
    ? [{ name: 'StructuredOutput', input: parseJson(inputSchema, step.argument, step) }]
    : [];
};

/**
 * Writes the answer to one request.
 * @param serial counts the requests of a server; ids are made of it
 * @throws TaskValidationError where a marker's JSON cannot be read
 */
export const compose = (
  step: Step,
  markers: readonly Marker[],
  request: MessagesRequest,
  serial: number,
): Reply => {
  const thoughts = step.thoughts.map(
    (thinking): Block => ({ type: 'thinking', thinking, signature: 'c2ln' }),
  );
  const calls = callsOf(step, request).map(
    (call, index): Block => ({ type: 'tool_use', id: `toolu_scripted_${serial}_${index}`, ...call }),
  );
  const text: Block = { type: 'text', text: step.argument.padEnd(numberOf(markers, 'big', 0), ' lorem') };
  return {
    id: `msg_scripted_${serial}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [...thoughts, ...(calls.length > 0 ? calls : [text])],
    stop_reason: calls.length > 0 ? 'tool_use' : (argumentOf(markers, 'stop') ?? 'end_turn'),
    stop_sequence: null,
    usage: usageOf(markers),
  };
};
