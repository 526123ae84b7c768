import type { SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Spent } from '../../application/ports/worker.ts';
import {
  AuthenticationError,
  type OrchestratorError,
  RateLimitError,
  TaskExecutionError,
  WorkerCommunicationError,
} from '../../domain/errors/index.ts';

/** The CLI's word for the kind of an API failure, as it stands on the assistant message before the result. */
export type ApiFailure = string | undefined;

const AUTHENTICATION = new Set(['authentication_failed', 'billing_error', 'oauth_org_not_allowed']);

/** @returns the error that a result stands for, or undefined where the turn went well. */
export const resultError = (
  result: SDKResultMessage,
  failure: ApiFailure,
  spent: Spent,
): OrchestratorError | undefined => {
  const context = { spent, terminalReason: result.terminal_reason };
  if (result.subtype !== 'success') return stoppedEarly(result, context);
  if (!result.is_error) return undefined;
  const words = result.result.slice(0, 500);
  const status = result.api_error_status ?? undefined;
  if (status === 401 || status === 403 || AUTHENTICATION.has(failure ?? ''))
    return authenticationError(words, context);
  if (result.stop_reason === 'refusal') {
    return new TaskExecutionError(`The model refused the task: ${words}`, {
      hint: 'Reword the task, or split it so that the refused part stands alone.',
      context,
    });
  }
  if (status === 404 || failure === 'model_not_found') {
    return new TaskExecutionError(`The model API does not know what was asked for: ${words}`, {
      hint: 'Check the name in model, of the task or of the job.',
      context,
    });
  }
  if (status === 429) {
    return new RateLimitError(`The model API limits the rate of calls: ${words}`, {
      hint: 'It is tried again later; fewer workers (max_workers) ask less at once.',
      retryable: true,
      retryAfterMs: 15_000,
      context,
    });
  }
  if (result.terminal_reason === 'prompt_too_long' || status === 400 || status === 413) {
    return new TaskExecutionError(`The model API does not accept the request: ${words}`, {
      hint: 'Make the task smaller: a shorter prompt, or several tasks.',
      context,
    });
  }
  return new WorkerCommunicationError(`The model API failed: ${words}`, {
    hint: 'It is tried again; look at the status of the API if it stays.',
    // A status of 5xx, a cut connection or an unknown failure may pass.
    retryable: true,
    context,
  });
};

export const authenticationError = (
  words: string,
  context: Readonly<Record<string, unknown>>,
): AuthenticationError =>
  new AuthenticationError(`The Claude CLI has no valid credentials: ${words.replace(/\.?$/, '.')}`, {
    hint: 'Run `claude` once and log in, or set ANTHROPIC_API_KEY and then run `claude-orchestrator stop`, so that the next call starts the server with it: a server has the environment of whoever started it. `claude-orchestrator doctor` shows what it finds.',
    context,
  });

const stoppedEarly = (
  result: Exclude<SDKResultMessage, { subtype: 'success' }>,
  context: Readonly<Record<string, unknown>>,
): OrchestratorError => {
  switch (result.subtype) {
    case 'error_max_budget_usd':
      return new TaskExecutionError(`The task used up its budget: ${result.errors.join('; ')}.`, {
        hint: 'Raise budget_usd or make the task smaller.',
        context,
      });
    case 'error_max_turns':
      return new TaskExecutionError('The worker used up its turns.', {
        hint: 'Make the task smaller.',
        context,
      });
    case 'error_max_structured_output_retries':
      return new TaskExecutionError('The worker gave no answer in the wanted form.', {
        hint: 'Try again, or give explicit tasks.',
        retryable: true,
        context,
      });
    case 'error_during_execution':
      return new WorkerCommunicationError(
        `The worker stopped in mid-turn: ${result.errors.join('; ').slice(0, 500)}`,
        {
          hint: 'It is tried again.',
          retryable: true,
          context,
        },
      );
  }
};
