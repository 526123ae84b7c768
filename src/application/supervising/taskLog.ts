import type { TaskId } from '../../domain/ids.ts';
import type { ToolCall, Verdict } from '../../domain/safety/verdict.ts';
import type { JobJournal } from '../journal.ts';
import type { WorkerEvent } from '../ports/worker.ts';
import type { RunDeps } from '../runDeps.ts';

/** Tools that write nothing: after them there is nothing new to look at. */
const READING = new Set([
  'Read',
  'Glob',
  'Grep',
  'WebFetch',
  'WebSearch',
  'TodoWrite',
  'Task',
  'StructuredOutput',
]);
/** Characters of one tool result in the log. */
const RESULT_LIMIT = 20_000;
const INPUT_LIMIT = 2000;

/** A task's log: what its worker said, used and got back, and what was judged of it. */
export class TaskLog {
  readonly #deps: Pick<RunDeps, 'logs' | 'logger'>;
  readonly #journal: JobJournal;
  readonly #taskId: TaskId;
  #lastTool = '';

  constructor(deps: Pick<RunDeps, 'logs' | 'logger'>, journal: JobJournal, taskId: TaskId) {
    this.#deps = deps;
    this.#journal = journal;
    this.#taskId = taskId;
  }

  /** True where the tool used last may have changed files. */
  get mayHaveWritten(): boolean {
    return !READING.has(this.#lastTool);
  }

  readonly write = (text: string): void => {
    this.#deps.logs.append(this.#journal.job.id, this.#taskId, text);
  };

  event(event: WorkerEvent): void {
    if (event.kind === 'tool') this.#lastTool = event.tool;
    const { attempts } = this.#journal.task(this.#taskId);
    this.write(event.kind === 'alive' ? `— attempt ${attempts}, session ${event.sessionId}\n` : line(event));
  }

  /** Refusals are events of the job, as approvals are; what was allowed is logged from MEDIUM on. */
  readonly verdict = (call: ToolCall, verdict: Verdict): void => {
    // Only what decided: a refused delete also reads, runs and writes.
    const decisive = verdict.reasons.filter((part) => part.risk === verdict.risk);
    const reason = [...new Set(decisive.map((part) => part.text))].join('; ');
    const { job } = this.#journal;
    const fields = { tool: call.tool, risk: verdict.risk, reason };
    // The hook runs in the context in which the process was started: an earlier task's.
    this.#deps.logger.within({ jobId: job.id, taskId: this.#taskId }, () => {
      if (verdict.decision === 'ask')
        this.#deps.logger.warning('SECURITY', 'a tool call waits for a person', fields);
      else if (verdict.decision !== 'allow')
        this.#deps.logger.warning('SECURITY', 'a tool call was refused', fields);
      else if (verdict.risk === 'MEDIUM')
        this.#deps.logger.info('SECURITY', 'a tool call was allowed', fields);
    });
    if (verdict.decision === 'allow') return;
    if (verdict.decision === 'ask') {
      this.write(`⏸ ${call.tool} waits for a person: ${reason}\n`);
      return;
    }
    this.write(`⛔ ${call.tool}: ${verdict.message}\n`);
    const { attempts } = this.#journal.task(this.#taskId);
    this.#journal
      .note({ type: 'tool.judged', taskId: this.#taskId, attempt: attempts, allowed: false, ...fields })
      .catch(() => undefined);
  };
}

const line = (event: Exclude<WorkerEvent, { kind: 'alive' }>): string => {
  switch (event.kind) {
    case 'text':
      return `${event.text}\n`;
    case 'tool':
      return `→ ${event.tool} ${JSON.stringify(event.input).slice(0, INPUT_LIMIT)}\n`;
    case 'tool_result':
      return `${event.isError ? '✗' : '←'} ${event.text.slice(0, RESULT_LIMIT)}\n`;
    case 'retry':
      return `… ${event.message}\n`;
  }
};
