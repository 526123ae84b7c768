import { execa } from 'execa';
import { SERVER_NAME } from '../../application/clients.ts';
import { FileSystemError } from '../../domain/errors/index.ts';

/** Milliseconds that one command of the CLI may take. */
const PATIENCE_MS = 60_000;

/** Claude Code rewrites its own file while it runs, so that its command line is the safe way in. */
export const addCommand = (written: object): readonly string[] => [
  'mcp',
  'add-json',
  '--scope',
  'user',
  SERVER_NAME,
  JSON.stringify(written),
];

export const removeCommand: readonly string[] = ['mcp', 'remove', '--scope', 'user', SERVER_NAME];

/** Runs the CLI without a shell. @throws FileSystemError with what it said. */
export const runClaude = async (
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const answer = await execa(program, args, {
    // Registering needs no network.
    env: {
      ...env,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: PATIENCE_MS,
  });
  if (answer.exitCode === 0) return;
  const said = `${answer.stderr}\n${answer.stdout}`.trim().slice(0, 500) || 'no answer';
  throw new FileSystemError(`\`claude ${args.slice(0, 2).join(' ')}\` failed: ${said}`, {
    hint: 'Run `claude mcp list` to see what is registered, or edit ~/.claude.json by hand with Claude Code closed.',
  });
};
