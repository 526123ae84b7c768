import { expect, test } from 'vitest';
import { Tripwire } from '../../../src/infrastructure/claude/tripwire.ts';
import { message } from './wire.ts';

const use = (id: string, name = 'Bash') =>
  message({
    type: 'assistant',
    parent_tool_use_id: null,
    message: { content: [{ type: 'tool_use', id, name, input: {} }] },
  });

const result = (
  id: string,
  o: { readonly error?: boolean; readonly content?: unknown; readonly parent?: string } = {},
) =>
  message({
    type: 'user',
    parent_tool_use_id: o.parent ?? null,
    message: {
      content: [
        {
          type: 'tool_result',
          tool_use_id: id,
          content: o.content ?? 'ok',
          ...(o.error === true ? { is_error: true } : {}),
        },
      ],
    },
  });

test('a result of a call that the gate let run is none of its business, a repeated one too', () => {
  const wire = new Tripwire();
  wire.asked('a');
  wire.answered('a', true);
  expect([use('a'), result('a'), result('a')].map((each) => wire.receive(each))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a result of a call that the gate never saw is told with its tool, a sub-agent’s too', () => {
  const wire = new Tripwire();
  wire.receive(use('a', 'Write'));
  expect(wire.receive(result('a'))).toEqual({ tool: 'Write', toolUseId: 'a', fromSubagent: false });
  expect(wire.receive(result('b', { parent: 'a' }))).toEqual({
    tool: 'unknown',
    toolUseId: 'b',
    fromSubagent: true,
  });
});

test('a result of a call that the gate refused, put off, or has not answered yet is one of a call that ran past it', () => {
  const wire = new Tripwire();
  wire.asked('open');
  wire.asked('refused');
  wire.answered('refused', false);
  for (const id of ['open', 'refused']) expect(wire.receive(result(id)), id).toMatchObject({ toolUseId: id });
});

test('an error is taken for a call that never ran, but for a command that ended with an exit code', () => {
  const never = [
    '<tool_use_error>Error: No such tool available: Nope</tool_use_error>',
    '<tool_use_error>InputValidationError: Bash failed due to the following issue:</tool_use_error>',
    "The user doesn't want to proceed with this tool use. The tool use was rejected.",
    'Claude requested permissions to write to c.txt, but you haven’t granted it yet.',
    'PreToolUse hook did not respond before its timeout (host client may be unreachable).',
  ];
  const wire = new Tripwire();
  for (const content of never)
    expect(wire.receive(result('a', { error: true, content })), content).toBeUndefined();
  const ran = ['Exit code 3\nx', [{ type: 'text', text: 'Exit code 143\nCommand timed out after 1s' }]];
  for (const [at, content] of ran.entries())
    expect(wire.receive(result(`ran${at}`, { error: true, content }))).toMatchObject({
      toolUseId: `ran${at}`,
    });
});

test('what it keeps is bounded, and a call that is still open outlasts the ends of thousands of others', () => {
  const wire = new Tripwire();
  wire.asked('long');
  wire.answered('long', true);
  for (let at = 0; at < 50_000; at++) {
    wire.asked(`t${at}`);
    wire.answered(`t${at}`, true);
    expect(wire.receive(result(`t${at}`))).toBeUndefined();
  }
  expect(wire.size).toBeLessThan(2_000);
  expect(wire.receive(result('long'))).toBeUndefined();
  for (let at = 0; at < 50_000; at++) wire.receive(use(`u${at}`));
  for (let at = 0; at < 50_000; at++) wire.asked(`v${at}`);
  expect(wire.size).toBeLessThan(50_000);
});
