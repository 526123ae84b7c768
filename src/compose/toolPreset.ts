/**
 * Which tools a client over stdio sees. From the environment and the flags alone: the list of tools must not
 * wait for files, and a client's registration is where this is chosen.
 */
export const toolPreset = (
  env: NodeJS.ProcessEnv,
  flags: Readonly<{ tools?: string | undefined }>,
): 'core' | 'full' =>
  (env.ORCHESTRATOR_TOOLS ?? flags.tools ?? '').trim().toLowerCase() === 'core' ? 'core' : 'full';
