import { SERVER_NAME } from '../../application/clients.ts';
import { TOOLS } from '../mcp/tools/index.ts';

/** Claude Code's names of the tools that change nothing. */
export const readOnlyTools = (): readonly string[] =>
  TOOLS.filter(({ annotations }) => annotations.readOnlyHint).map(
    ({ name }) => `mcp__${SERVER_NAME}__${name}`,
  );

/** One line for Claude Code's settings.json, so that looking at jobs is never asked about. */
export const allowRule = (): string =>
  `"permissions": { "allow": [${readOnlyTools()
    .map((name) => JSON.stringify(name))
    .join(', ')}] }`;
