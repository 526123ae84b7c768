import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';

/**
 * Which tool call stands alone in its message. The CLI starts a call as soon as its block has arrived, so a
 * second one may follow while the first waits at the gate; and it takes each block for a message of its own. A
 * call that is deferred beside another one would be lost: only the end of the stream tells.
 */
export class LoneCalls {
  #calls: string[] = [];
  #complete = false;
  #spoiled = false;
  readonly #resumed: string | undefined;

  /** @param resumed the call at which the session was deferred: it was alone then, and its message comes no more. */
  constructor(resumed?: string) {
    this.#resumed = resumed;
  }

  receive(message: SDKMessage): void {
    // Sub-agents' streams are not told, and their calls are never deferred.
    if (message.type !== 'stream_event' || message.parent_tool_use_id !== null) return;
    const { event } = message;
    if (event.type === 'message_start') {
      this.#calls = [];
      this.#complete = false;
    } else if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
      this.#calls.push(event.content_block.id);
    } else if (event.type === 'message_stop') {
      this.#complete = true;
    }
  }

  /** A new prompt is sent. */
  begin(): void {
    this.#spoiled = false;
  }

  /** A message waits at the worker: it would be lost with the process. */
  messageWaits(): void {
    this.#spoiled = true;
  }

  /** False also where it cannot be known yet. */
  isAlone(toolUseId: string): boolean {
    if (this.#spoiled) return false;
    if (toolUseId === this.#resumed) return true;
    return this.#complete && this.#calls.length === 1 && this.#calls[0] === toolUseId;
  }
}
