import { access, constants, realpath, stat } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import { InvalidWorkspaceError } from '../../domain/errors/index.ts';
import { isInside, resolveReal } from './fence.ts';

/** Refuses a workspace; the message may repeat the caller's own path and no other. */
export const invalid = (message: string, hint: string): InvalidWorkspaceError =>
  new InvalidWorkspaceError(message, { hint });

/** Allowed roots that are there, by real path; asked each time, since a disk may be mounted later. */
const realRoots = async (roots: readonly string[]): Promise<readonly string[]> => {
  const found = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  return found.flatMap((root) => root ?? []);
};

/**
 * @param closed folders of our own that no job may work in
 * @returns the real path
 * @throws InvalidWorkspaceError relative, outside the allowed roots (links followed), missing, no folder
 */
export const checkFolder = async (
  workspace: string,
  roots: readonly string[],
  closed: readonly string[],
): Promise<string> => {
  const shown = JSON.stringify(workspace);
  if (workspace.includes('\0') || !isAbsolute(workspace)) {
    throw invalid(
      `The workspace ${shown} is not an absolute path.`,
      'Give the full path of the folder, starting with "/".',
    );
  }
  const { real, exists } = await resolveReal(normalize(workspace));
  const allowed = await realRoots(roots);
  // Before anything else is said: whether something exists out there is nobody's business.
  if (!allowed.some((root) => isInside(root, real))) {
    throw invalid(
      `The workspace ${shown} is outside the allowed roots.`,
      'Use a folder inside them, or let the operator add it to ORCHESTRATOR_ALLOWED_ROOTS (environment, or allowed_roots in config.json) and then run `claude-orchestrator stop`, so that the next call starts the server with it.',
    );
  }
  if (closed.some((folder) => isInside(folder, real))) {
    throw invalid(
      `The workspace ${shown} belongs to the orchestrator itself.`,
      'Use a folder of your own project.',
    );
  }
  if (!exists) {
    throw invalid(
      `The workspace ${shown} does not exist.`,
      'Check the spelling, or create the folder first.',
    );
  }
  if (!(await stat(real)).isDirectory()) {
    throw invalid(`The workspace ${shown} is a file.`, 'Give the folder that holds it.');
  }
  await access(real, constants.R_OK | constants.X_OK).catch(() => {
    throw invalid(
      `The workspace ${shown} cannot be read.`,
      'Give the user that runs the server access to it.',
    );
  });
  return real;
};
