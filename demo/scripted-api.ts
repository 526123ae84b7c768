#!/usr/bin/env node
/**
 * A scripted Messages API on 127.0.0.1, for demo, tests and benches. The real CLI runs against it without
 * credentials: `ANTHROPIC_BASE_URL=<url> ANTHROPIC_API_KEY=sk-ant-scripted claude -p '[[text:Hello]]'`.
 * docs/decisions/scripted-api.md has the marker language.
 *
 *   node demo/scripted-api.ts [--port 0] [--latency MS] [--chunk-ms MS] [--log FILE.jsonl]
 *
 * prints one line `{"listening":PORT,"url":"http://127.0.0.1:PORT"}` and ends on SIGTERM or SIGINT.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startScriptedApi } from './scripted-api/server.ts';

export { type Latency, longTail, seededRandom } from './scripted-api/latency.ts';
export { type Marker, parseMarkers, write, writeTool } from './scripted-api/markers.ts';
export type { Queued } from './scripted-api/queue.ts';
export type { RequestRecord } from './scripted-api/record.ts';
export type { MessagesRequest } from './scripted-api/request.ts';
export { type ScriptedApi, type ScriptedApiOptions, startScriptedApi } from './scripted-api/server.ts';
export type { Rule } from './scripted-api/turn.ts';

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      latency: { type: 'string', default: '0' },
      'chunk-ms': { type: 'string', default: '0' },
      log: { type: 'string' },
    },
  });
  const number = z.coerce.number().int().min(0);
  const api = await startScriptedApi({
    port: number.max(65_535).parse(values.port),
    latencyMs: number.parse(values.latency),
    chunkMs: number.parse(values['chunk-ms']),
    ...(values.log === undefined ? {} : { log: values.log }),
  });
  process.stdout.write(`${JSON.stringify({ listening: api.port, url: api.url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void api.close());
};

if (import.meta.main) await main();
