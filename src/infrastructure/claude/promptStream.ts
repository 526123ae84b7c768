import { randomUUID } from 'node:crypto';
import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';

type Uuid = ReturnType<typeof randomUUID>;

/**
 * The worker's input: an iterable that stays open until `close`. An input that ends closes the CLI's stdin,
 * and a tool call resumed after that can run without its hook.
 */
export class PromptStream implements AsyncIterable<SDKUserMessage> {
  readonly #waiting: SDKUserMessage[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  /** Text for the model, delivered as written: no `@file` expansion, no slash command. */
  prompt(text: string): Uuid {
    return this.#push({ text, verbatim: true });
  }

  /** A slash command of the CLI's own. */
  command(text: '/clear'): Uuid {
    return this.#push({ text, verbatim: false });
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  #push(message: { text: string; verbatim: boolean }): Uuid {
    const uuid = randomUUID();
    this.#waiting.push({
      type: 'user',
      uuid,
      message: { role: 'user', content: message.text },
      parent_tool_use_id: null,
      ...(message.verbatim ? { client_composed: true } : {}),
    });
    this.#wake?.();
    return uuid;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SDKUserMessage> {
    for (;;) {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next;
      if (this.#closed) return;
      const arrival = Promise.withResolvers<void>();
      this.#wake = arrival.resolve;
      // Something may have been pushed between the last shift and here.
      if (this.#waiting.length > 0 || this.#closed) arrival.resolve();
      await arrival.promise;
    }
  }
}
