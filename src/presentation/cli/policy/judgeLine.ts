import { z } from 'zod';
import type { ToolCall, Verdict } from '../../../domain/safety/verdict.ts';
import type { InputLine } from './lines.ts';
import type { ExplainedCall } from './safetyDeps.ts';

const lineSchema = z
  .object({
    command: z.string().optional(),
    tool: z.string().optional(),
    input: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(
    ({ command, tool }) => command !== undefined || tool !== undefined,
    'must hold "command", or "tool" and "input"',
  );

/** The call that a command, or a tool with its input, makes. */
export const callOf = (o: {
  readonly command?: string | undefined;
  readonly tool?: string | undefined;
  readonly input?: Readonly<Record<string, unknown>> | undefined;
}): ToolCall => ({
  tool: o.tool ?? 'Bash',
  input: { ...o.input, ...(o.command === undefined ? {} : { command: o.command }) },
  fromSubagent: false,
});

export const verdictToWire = (verdict: Verdict) => ({
  risk: verdict.risk,
  decision: verdict.decision,
  reasons: verdict.reasons,
});

export type JudgedLine = { readonly good: boolean; readonly answer: object };

const bad = (line: number, message: string): JudgedLine => ({
  good: false,
  answer: { line, error: { code: 'TASK_VALIDATION', message } },
});

/**
 * One line's answer. A line that is no call gets an error in its place, so that answers stay in step with lines.
 * @returns undefined for an empty line.
 */
export const judgeLine = async (
  input: InputLine,
  line: number,
  judge: (call: ToolCall) => Promise<ExplainedCall>,
): Promise<JudgedLine | undefined> => {
  if ('tooLong' in input) return bad(line, 'the line is too long');
  const text = input.text.replace(/^\uFEFF/u, '').trim();
  if (text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(line, 'the line is not JSON');
  }
  const parsed = lineSchema.safeParse(value, { reportInput: false });
  if (!parsed.success) return bad(line, parsed.error.issues[0]?.message ?? 'the line is no call');
  const { command, tool } = parsed.data;
  try {
    const { verdict } = await judge(callOf(parsed.data));
    return {
      good: true,
      answer: {
        ...(command === undefined ? {} : { command }),
        ...(tool === undefined ? {} : { tool }),
        ...verdictToWire(verdict),
      },
    };
  } catch (error) {
    return bad(line, error instanceof Error ? error.message : 'it could not be judged');
  }
};
