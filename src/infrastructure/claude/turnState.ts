import type { SDKMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Spent, Turn, TurnResult, WorkerEvent } from '../../application/ports/worker.ts';
import { WorkerCommunicationError, WorkerCrashError } from '../../domain/errors/index.ts';
import type { Tokens } from '../../domain/task.ts';
import { type ApiFailure, authenticationError, resultError } from './resultErrors.ts';

/**
 * One turn of a session: what was sent, what came back. It is over when every message that was sent has been
 * answered by a result; results of earlier messages that straggle in are not taken for its own.
 */
export class TurnState {
  readonly #unanswered = new Set<string>();
  readonly #outcome = Promise.withResolvers<TurnResult>();
  readonly #turn: Pick<Turn, 'onEvent'>;
  readonly #pid: number;
  #alive = false;
  #byItself = false;
  #failure: ApiFailure;

  constructor(turn: Pick<Turn, 'onEvent'>, pid: number) {
    this.#turn = turn;
    this.#pid = pid;
    // A turn may be failed while nobody waits any more.
    this.#outcome.promise.catch(() => undefined);
  }

  get outcome(): Promise<TurnResult> {
    return this.#outcome.promise;
  }

  sent(uuid: string): void {
    this.#unanswered.add(uuid);
  }

  /** A resumed session goes on without a message: its result names none. */
  goesOnByItself(): void {
    this.#byItself = true;
  }

  fail(error: unknown): void {
    this.#outcome.reject(error);
  }

  receive(message: SDKMessage): void {
    switch (message.type) {
      case 'system':
        if (message.subtype === 'init') this.#live(message.session_id);
        if (message.subtype === 'api_retry') {
          this.#emit({
            kind: 'retry',
            message: `API ${message.error_status ?? ''} ${message.error}, attempt ${message.attempt}`,
          });
          // The CLI would try a refused key ten times over two minutes; a key does not become valid by that.
          if (message.error === 'authentication_failed') {
            this.fail(authenticationError('the key was refused', { spent: NOTHING_SPENT }));
          }
        }
        return;
      case 'assistant':
        if (message.error !== undefined) this.#failure = message.error;
        for (const block of message.message.content) {
          if (block.type === 'text') this.#emit({ kind: 'text', text: block.text });
          if (block.type === 'tool_use')
            this.#emit({ kind: 'tool', tool: block.name, input: record(block.input) });
        }
        return;
      case 'user':
        for (const block of typeof message.message.content === 'string' ? [] : message.message.content) {
          if (block.type === 'tool_result') {
            const text = textOf(block.content);
            const isError = block.is_error === true;
            this.#emit({ kind: 'tool_result', text, isError });
            if (isError && BRIDGE_LOST.test(text)) this.fail(bridgeLost());
          }
        }
        return;
      case 'result':
        this.#result(message);
        return;
      default:
        return;
    }
  }

  #live(sessionId: string): void {
    if (this.#alive) return;
    this.#alive = true;
    this.#emit({ kind: 'alive', sessionId, pid: this.#pid });
  }

  #emit(event: WorkerEvent): void {
    this.#turn.onEvent(event);
  }

  #result(result: SDKResultMessage): void {
    const answered =
      result.user_message_uuids ?? (result.user_message_uuid === undefined ? [] : [result.user_message_uuid]);
    const named = answered.filter((uuid) => this.#unanswered.delete(uuid)).length > 0;
    const own = named || (this.#byItself && answered.length === 0);
    // Whatever was said to it meanwhile: this process answers nothing any more.
    if (result.subtype === 'success' && result.deferred_tool_use !== undefined) {
      if (result.terminal_reason === 'tool_deferred_unavailable')
        this.fail(notUnderstood(result.terminal_reason));
      else this.#outcome.resolve(resultOf(result, result.deferred_tool_use.id));
      return;
    }
    if (!own || this.#unanswered.size > 0) {
      // A result that names none of ours and is an error at that: the process could not start its work.
      if (!own && result.is_error && answered.length === 0)
        this.fail(resultError(result, this.#failure, spentOf(result)));
      return;
    }
    const spent = spentOf(result);
    const error = resultError(result, this.#failure, spent);
    if (error !== undefined || result.subtype !== 'success') {
      this.fail(error ?? notUnderstood(result.subtype));
      return;
    }
    this.#outcome.resolve(resultOf(result, undefined));
  }
}

type Success = Extract<SDKResultMessage, { subtype: 'success' }>;

const resultOf = (result: Success, deferred: string | undefined): TurnResult => ({
  ...spentOf(result),
  text: result.result,
  structured: result.structured_output,
  sessionId: result.session_id,
  turns: result.num_turns,
  ...(deferred === undefined ? {} : { deferred }),
});

const NOTHING_SPENT: Spent = { costUsd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } };

/** Cost and tokens since the last `/clear`: the CLI's `modelUsage` is a running total that a clear resets. */
const spentOf = (result: SDKResultMessage): Spent => ({
  costUsd: result.total_cost_usd,
  tokens: Object.values(result.modelUsage).reduce<Tokens>(
    (sum, usage) => ({
      input: sum.input + usage.inputTokens,
      output: sum.output + usage.outputTokens,
      cacheRead: sum.cacheRead + usage.cacheReadInputTokens,
      cacheWrite: sum.cacheWrite + usage.cacheCreationInputTokens,
    }),
    NOTHING_SPENT.tokens,
  ),
});

const notUnderstood = (subtype: string): WorkerCommunicationError =>
  new WorkerCommunicationError(`The worker ended its turn in a way that is not known: ${subtype}.`, {
    hint: 'Check the CLI version with claude-orchestrator doctor.',
    retryable: true,
  });

/** What every shell command of a process is answered once its sandbox cannot reach out any more. */
const BRIDGE_LOST = /^\s*(<tool_use_error>|Error: )?Linux sandbox \w+ bridge socket is missing/u;

/** The model would go on without a shell, and call it done. */
const bridgeLost = (): WorkerCrashError =>
  new WorkerCrashError(
    "The worker's sandbox has lost its bridge to the network: no shell command runs in it.",
    {
      hint: 'It is run again in a new process.',
      retryable: true,
      context: { spent: NOTHING_SPENT },
    },
  );

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const textOf = (content: unknown): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => String(record(part).text ?? '')).join('\n');
};
