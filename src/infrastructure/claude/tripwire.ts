import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import type { UnjudgedCall } from '../../application/ports/worker.ts';

/** Calls whose end has not been told yet, and ids whose end has: more than any turn leaves open. */
const MOST_OPEN = 20_000;
const MOST_ENDED = 1_000;

/**
 * How a failed call says that it ran. Every other error is one of a call that never did: refused as it was read
 * (`<tool_use_error>`), by the hook, by the CLI's permissions, or interrupted. Measured on CLI 2.1.331, as is that no
 * tool runs without its hook: sub-agents, structured output and calls in the background have it too.
 */
const RAN_AND_FAILED = /^Exit code \d+/u;

/**
 * Compares what a worker's stream says has run with what the gate let run. The gate is proven before work starts; this
 * notices a CLI that was honest only then, and a hook that was lost since.
 */
export class Tripwire {
  /** By tool use; true where the gate's answer was that it may run. */
  readonly #open = new Map<string, boolean>();
  readonly #ended = new Set<string>();
  /** Names of tools by tool use, for the words about a call that nobody judged. */
  readonly #names = new Map<string, string>();

  /** How many ids it keeps now. */
  get size(): number {
    return this.#open.size + this.#ended.size + this.#names.size;
  }

  /** The gate was asked about this call; until it answers, the call may not run. */
  asked(toolUseId: string): void {
    keep(this.#open, toolUseId, this.#open.get(toolUseId) ?? false);
  }

  answered(toolUseId: string, mayRun: boolean): void {
    keep(this.#open, toolUseId, mayRun);
  }

  /** @returns the call that ran without the gate's leave, where this message tells of one. */
  receive(message: SDKMessage): UnjudgedCall | undefined {
    if (message.type !== 'assistant' && message.type !== 'user') return undefined;
    const { content } = message.message;
    for (const block of typeof content === 'string' ? [] : content) {
      if (block.type === 'tool_use' && !this.#open.has(block.id)) keep(this.#names, block.id, block.name);
      if (block.type !== 'tool_result') continue;
      const id = block.tool_use_id;
      const tool = this.#names.get(id) ?? 'unknown';
      const passed = this.#passed(id, block.is_error === true, block.content);
      this.#end(id);
      if (passed) return { tool, toolUseId: id, fromSubagent: message.parent_tool_use_id !== null };
    }
    return undefined;
  }

  #passed(id: string, isError: boolean, content: unknown): boolean {
    if (this.#open.get(id) === true || this.#ended.has(id)) return false;
    return !isError || RAN_AND_FAILED.test(textOf(content));
  }

  #end(id: string): void {
    this.#open.delete(id);
    this.#names.delete(id);
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }
}

const keep = <T>(map: Map<string, T>, id: string, value: T): void => {
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MOST_OPEN && oldest !== undefined) map.delete(oldest);
};

const textOf = (content: unknown): string => {
  if (typeof content === 'string') return content;
  const [first]: readonly unknown[] = Array.isArray(content) ? content : [];
  return typeof first === 'object' && first !== null && 'text' in first ? String(first.text) : '';
};
