import { CommanderError } from 'commander';
import {
  ConfigurationError,
  ERROR_CODES,
  type OrchestratorError,
  toOrchestratorError,
} from '../../domain/errors/index.ts';
import { errorToWire } from '../wire/error.ts';
import { type Painter, printable } from './terminal.ts';

/** A wrong command line counts as a wrong setting: same form of the error, same exit code. */
const fromCommander = (error: CommanderError): OrchestratorError =>
  new ConfigurationError(error.message.replace(/^error: /, ''), {
    hint: 'See `claude-orchestrator --help`, or `--help` behind a command.',
    cause: error,
  });

/** @returns any thrown value as one of our errors. */
export const toCliError = (thrown: unknown): OrchestratorError =>
  thrown instanceof CommanderError ? fromCommander(thrown) : toOrchestratorError(thrown);

export const exitCodeOf = (error: OrchestratorError): number => ERROR_CODES[error.code].exit;

/** Message, hint and code for people; with `json` one object on one line. Never the cause, never a stack. */
export const renderError = (error: OrchestratorError, o: { json: boolean; paint: Painter }): string => {
  if (o.json) return `${JSON.stringify({ error: errorToWire(error) })}\n`;
  return [
    `${o.paint('red', 'error:')} ${printable(error.message)}`,
    `${o.paint('cyan', 'hint:')}  ${printable(error.hint)}`,
    o.paint('dim', `code:  ${error.code}`),
    '',
  ].join('\n');
};
