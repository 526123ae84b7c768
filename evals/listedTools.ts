import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { ListedTool } from './score.ts';

/** What the real server shows: its tools and its instructions. Listing opens nothing. */
export const listTools = async (): Promise<{
  readonly tools: readonly ListedTool[];
  readonly instructions: string;
}> => {
  const client = new Client({ name: 'evals', version: '1.0.0' });
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [main, 'mcp', '--in-process'] }),
  );
  const { tools } = await client.listTools();
  const instructions = client.getInstructions() ?? '';
  await client.close();
  return { tools, instructions };
};
