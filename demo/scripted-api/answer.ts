import { OrchestratorError } from '../../src/domain/errors/index.ts';
import { type FaultCounter, keyFault, parseStatus } from './faults.ts';
import { draw, type Latency } from './latency.ts';
import { type Queued, queuedFault, queuedStep } from './queue.ts';
import { keyOf, type MessageRecord, type RequestRecord } from './record.ts';
import { compose, numberOf } from './reply.ts';
import type { MessagesRequest } from './request.ts';
import { type Exchange, pause, sendFault, sendHtml, sendJson, sendStream } from './send.ts';
import { type Step, stepsOf, type Turn } from './turn.ts';

/** Everything that one answer is made of. */
export type Asked = {
  readonly exchange: Exchange;
  readonly body: MessagesRequest;
  readonly turn: Turn;
  readonly message: MessageRecord;
  readonly record: RequestRecord;
  readonly faults: FaultCounter;
  readonly takeQueued: () => Queued | undefined;
  readonly latency: Latency;
  readonly chunkMs: number;
};

const DONE: Step = { name: 'text', argument: 'Done.', thoughts: [] };
const echo = (prompt: string): Step => ({
  name: 'text',
  argument: `echo: ${prompt.slice(0, 80)}`,
  thoughts: [],
});

/** Answers one `/v1/messages` request as the script says, faults first. */
export const answer = async (asked: Asked): Promise<void> => {
  const { exchange, body, turn, message, record, faults } = asked;
  const refused = keyFault(keyOf(exchange.request.headers));
  if (refused !== undefined) {
    record.status = refused.status;
    sendFault(exchange, refused);
    return;
  }
  const queued = asked.takeQueued();
  const { markers } = turn;
  await pause(numberOf(markers, 'delay', draw(asked.latency)), exchange.signal);

  const marked = queuedFault(queued) === undefined ? faults.take('status', turn) : undefined;
  const fault = queuedFault(queued) ?? (marked === undefined ? undefined : parseStatus(marked.argument));
  if (fault !== undefined) {
    record.status = fault.status;
    sendFault(exchange, fault);
    return;
  }
  if (faults.take('cut0', turn) !== undefined) {
    record.status = 'cut0';
    exchange.request.socket.destroy();
    return;
  }
  if (faults.take('html', turn) !== undefined) {
    record.status = 'html';
    sendHtml(exchange);
    return;
  }

  const steps = stepsOf(markers, body);
  const step = queuedStep(queued) ?? steps[turn.round] ?? (steps.length > 0 ? DONE : echo(message.prompt));
  record.step = step.name;
  try {
    const reply = compose(step, markers, body, message.n);
    record.status = 200;
    if (!body.stream) {
      sendJson(exchange, 200, reply);
      return;
    }
    const held = faults.takeStream(turn);
    if (held !== undefined) record.fault = held.fault;
    await sendStream(exchange, reply, numberOf(markers, 'chunk', asked.chunkMs), held);
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    // A script that cannot be read is told to whoever wrote it, as an answer that no client retries.
    record.status = 400;
    sendFault(exchange, { status: 400, message: `${error.message} ${error.hint}`, headers: {} });
  }
};
