import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import { MissingDependencyError } from '../../domain/errors/index.ts';

export type ClaudeCli = { readonly path: string; readonly version: string; readonly credentials: boolean };

/**
 * Finds the CLI: `configured` (`ORCHESTRATOR_CLAUDE_PATH`), else the one that comes with the Agent SDK's
 * platform package, else `claude` on PATH. The bundled one comes first, since its version is the one that
 * this release was tested with.
 * @throws MissingDependencyError with the way to get it.
 */
export const claudePath = async (
  configured: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> => {
  if (configured !== undefined) {
    if (await isExecutable(configured)) return configured;
    throw new MissingDependencyError(
      `ORCHESTRATOR_CLAUDE_PATH names ${configured}, which is not a program.`,
      {
        hint: 'Correct the path, or leave the setting out to use the CLI that comes with this package.',
      },
    );
  }
  const candidates = [
    ...bundled(),
    ...(env.PATH ?? '')
      .split(path.delimiter)
      .filter(Boolean)
      .map((dir) => path.join(dir, exe('claude'))),
  ];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  throw new MissingDependencyError('The Claude CLI was not found, neither beside this package nor on PATH.', {
    hint: 'Reinstall without --omit=optional, install Claude Code, or set ORCHESTRATOR_CLAUDE_PATH.',
  });
};

/** @throws MissingDependencyError where the program does not answer `--version`. */
export const describeClaude = async (
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<ClaudeCli> => {
  const answer = await execa(program, ['--version'], {
    env: { ...env },
    extendEnv: false,
    reject: false,
    timeout: 20_000,
    stdin: 'ignore',
  });
  const version = /\d+\.\d+\.\d+/.exec(String(answer.stdout))?.[0];
  if (version === undefined) {
    throw new MissingDependencyError(`${program} does not answer --version like the Claude CLI.`, {
      hint: 'Set ORCHESTRATOR_CLAUDE_PATH to the Claude CLI.',
    });
  }
  return { path: program, version, credentials: await hasCredentials(env) };
};

/** Says whether there is something to log in with, not whether it is valid: that would be a call to the API. */
const hasCredentials = async (env: Readonly<Record<string, string>>): Promise<boolean> => {
  if (
    ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'].some(
      (name) => (env[name] ?? '') !== '',
    )
  )
    return true;
  if (env.CLAUDE_CODE_USE_BEDROCK === '1' || env.CLAUDE_CODE_USE_VERTEX === '1') return true;
  const home = env.CLAUDE_CONFIG_DIR ?? path.join(env.HOME ?? '', '.claude');
  try {
    return (await readFile(path.join(home, '.credentials.json'), 'utf8')).length > 2;
  } catch {
    return false;
  }
};

const exe = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

const bundled = (): string[] => {
  const require = createRequire(import.meta.url);
  const names = [
    `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`,
    `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}-musl`,
  ];
  return names.flatMap((name) => {
    try {
      return [path.join(path.dirname(require.resolve(`${name}/package.json`)), exe('claude'))];
    } catch {
      return [];
    }
  });
};

const isExecutable = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
