import type { SDKMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';

/** Messages as the CLI writes them: lines of JSON, of which only the parts that are read are here. */
export const message = (line: Readonly<Record<string, unknown>>): SDKMessage =>
  JSON.parse(JSON.stringify(line));

/** A result; without more of it, of a turn that went well. */
export const result = (part: Readonly<Record<string, unknown>> = {}): SDKResultMessage =>
  JSON.parse(
    JSON.stringify({
      type: 'result',
      subtype: 'success',
      is_error: false,
      duration_ms: 12,
      num_turns: 2,
      result: 'It is done.',
      stop_reason: 'end_turn',
      total_cost_usd: 0.25,
      modelUsage: {
        one: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheCreationInputTokens: 4 },
        two: { inputTokens: 10, outputTokens: 20, cacheReadInputTokens: 30, cacheCreationInputTokens: 40 },
      },
      permission_denials: [],
      terminal_reason: 'completed',
      session_id: 'session-1',
      uuid: '00000000-0000-4000-8000-000000000000',
      errors: [],
      ...part,
    }),
  );
