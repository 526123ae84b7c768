import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

/**
 * A real MCP server over stdio that plays a recorded list of answers: `RECORDING` names a JSON file
 * `{"<tool>": [{"answer": {}, "messages": [], "error": "text", "until": "file"}]}`; each call takes the next one of its tool.
 */
const recordingSchema = z.record(
  z.string(),
  z.array(
    z.object({
      answer: z.record(z.string(), z.unknown()).default({}),
      messages: z.array(z.string()).default([]),
      error: z.string().optional(),
      /** The answer waits until this file is there, 10 s at the most. */
      until: z.string().optional(),
    }),
  ),
);

const recording = recordingSchema.parse(JSON.parse(readFileSync(process.env.RECORDING ?? '', 'utf8')));

const PLAYED_OUT = { answer: {}, messages: [], error: 'played out', until: undefined };

serveStdio(() => {
  const server = new McpServer({ name: 'recorded', version: '0' });
  for (const [tool, answers] of Object.entries(recording)) {
    server.registerTool(tool, { inputSchema: z.looseObject({}) }, async (_input, context) => {
      const { answer, messages, error, until } = answers.shift() ?? PLAYED_OUT;
      const progressToken = context.mcpReq._meta?.progressToken;
      for (const [at, message] of messages.entries()) {
        if (progressToken === undefined) break;
        const params = { progressToken, progress: at + 1, message };
        await context.mcpReq.notify({ method: 'notifications/progress', params });
      }
      const deadline = Date.now() + 10_000;
      while (until !== undefined && !existsSync(until) && Date.now() < deadline) await sleep(5);
      return error === undefined
        ? { content: [{ type: 'text', text: 'ok' }], structuredContent: answer }
        : { content: [{ type: 'text', text: error }], isError: true };
    });
  }
  return server;
});
