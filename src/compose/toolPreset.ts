import { ConfigurationError } from '../domain/errors/index.ts';
import type { ToolPreset } from '../presentation/mcp/tools/index.ts';

/**
 * Which tools a client over stdio sees. From the environment and the flags alone: the list of tools must not
 * wait for files, and a client's registration is where this is chosen.
 * @throws ConfigurationError for a word that is no preset.
 */
export const toolPreset = (
  env: NodeJS.ProcessEnv,
  flags: Readonly<{ tools?: string | undefined }>,
): ToolPreset => {
  const word = [env.ORCHESTRATOR_TOOLS, flags.tools].map((text) => text?.trim().toLowerCase()).find(Boolean);
  if (word === undefined || word === 'full' || word === 'core') return word ?? 'full';
  throw new ConfigurationError('ORCHESTRATOR_TOOLS must be one of core, full.', {
    hint: "Correct it in the client's registration of this server.",
  });
};
