import { CommanderError } from 'commander';
import { InternalError } from '../../domain/errors/index.ts';
import { exitCodeOf, renderError, toCliError } from './errors.ts';
import { buildProgram, type ProgramDeps } from './program.ts';
import { painter } from './terminal.ts';

/** Commander ends help and version by throwing too; without a command it shows its help as an error. */
const HELP = new Set(['commander.helpDisplayed', 'commander.version', 'commander.help']);

/**
 * Runs one command line.
 * @param argv the arguments alone, without `node` and the script.
 * @returns the exit code: 0, what the command says, or that of the error's code.
 */
export const runCli = async (argv: readonly string[], deps: ProgramDeps): Promise<number> => {
  let exitCode = 0;
  const program = buildProgram(deps, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const error = toCliError(thrown);
    if (thrown instanceof CommanderError && HELP.has(thrown.code)) {
      return thrown.exitCode === 0 ? 0 : exitCodeOf(error);
    }
    if (error instanceof InternalError) deps.onFault(error.cause ?? error);
    deps.stderr(renderError(error, { json: argv.includes('--json'), paint: painter(deps.color.stderr) }));
    return exitCodeOf(error);
  }
};
