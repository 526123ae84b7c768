import { stripVTControlCharacters } from 'node:util';
import { AuthenticationError, OrchestratorError } from '../src/domain/errors/index.ts';

/** The demo cannot go on, and whoever runs it is told why and what to do. */
export class DemoFailure extends OrchestratorError {
  override readonly code = 'TASK_EXECUTION';
}

export const noLogin = (): AuthenticationError =>
  new AuthenticationError('There is no Claude login here for --live.', {
    hint: 'Run `claude` once and log in, or set ANTHROPIC_API_KEY; or run the demo without --live, which needs neither.',
  });

/** @returns what to print of any thrown value: the message and what to do next, and no stack. */
export const explain = (thrown: unknown): string => {
  const message = stripVTControlCharacters(thrown instanceof Error ? thrown.message : String(thrown)).slice(
    0,
    2000,
  );
  return thrown instanceof OrchestratorError ? `${message}\n→ ${thrown.hint}` : message;
};
