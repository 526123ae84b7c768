import { type EventError, errorOf, number, text } from './fields.ts';
import type { WireEvent } from './wire.ts';

/** `asking` is time in which a call waits for a person, whether its process waits too or is parked. */
export type SegmentKind = 'working' | 'verifying' | 'repairing' | 'asking';
/** A stretch of time, milliseconds since the epoch. */
export type Span = { readonly from: number; readonly to: number };
export type Segment = Span & { readonly kind: SegmentKind };
export type Outcome =
  | 'running'
  | 'done'
  | 'failed'
  | 'retrying'
  | 'parked'
  | 'held'
  | 'skipped'
  | 'cancelled'
  | 'interrupted';

/** One run of one task on one lane, from the worker's first sign of life to whatever ended it. */
export type Attempt = Span & {
  readonly key: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly lane: number;
  readonly outcome: Outcome;
  readonly segments: readonly Segment[];
  /** Since when the task was ready and had no place. */
  readonly waitFrom?: number;
  /** Until when the next attempt was put off, and whether the API's rate limit was why. */
  readonly pause?: Span & { readonly rateLimited: boolean };
  readonly error?: EventError;
};

type Open = {
  readonly started: WireEvent;
  readonly from: number;
  readonly waitFrom: number | undefined;
  readonly segments: Segment[];
  kind: SegmentKind;
  since: number;
  /** Approvals that its calls wait for. */
  readonly asks: Set<string>;
  isParked: boolean;
};

const ENDS: ReadonlyMap<string, Outcome> = new Map([
  ['task.done', 'done'],
  ['task.failed', 'failed'],
  ['task.retrying', 'retrying'],
  ['task.held', 'held'],
  ['task.skipped', 'skipped'],
  ['task.cancelled', 'cancelled'],
]);
const PHASES: ReadonlyMap<string, SegmentKind> = new Map([
  ['task.verifying', 'verifying'],
  ['task.repairing', 'repairing'],
]);
/** Approvals that are asked for still. */
const OPEN: ReadonlySet<string> = new Set(['pending', 'superseded']);
const JOB_ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * The attempts that events tell of, in the order of their starts: one for every `task.started`.
 * @param now milliseconds since the epoch: where attempts that still run are drawn to.
 */
export const attemptsOf = (events: readonly WireEvent[], now: number): readonly Attempt[] => {
  const open = new Map<string, Open>();
  const waiting = new Map<string, number>();
  const found: Attempt[] = [];
  let clock = Number.NEGATIVE_INFINITY;

  const close = (taskId: string, at: number, outcome: Outcome, event?: WireEvent): void => {
    const run = open.get(taskId);
    if (run === undefined) return;
    open.delete(taskId);
    found.push(finished(run, taskId, at, outcome, event));
  };
  const closeAll = (at: number, outcome: Outcome): void => {
    for (const id of [...open.keys()]) close(id, at, outcome);
  };

  for (const event of events) {
    const before = clock;
    // A clock that was set back must not make bars of negative length.
    const read = Date.parse(event.at);
    clock = Number.isFinite(read) ? Math.max(clock, read) : clock;
    if (!Number.isFinite(clock)) continue;
    const id = text(event, 'task_id');
    const end = ENDS.get(event.type);
    const phase = PHASES.get(event.type);
    if (event.type === 'task.started') {
      close(id, clock, open.get(id)?.isParked ? 'parked' : 'interrupted');
      const waitFrom = waiting.get(id);
      waiting.delete(id);
      open.set(id, {
        started: event,
        from: clock,
        waitFrom,
        segments: [],
        kind: 'working',
        since: clock,
        asks: new Set(),
        isParked: false,
      });
    } else if (phase !== undefined) {
      enter(open.get(id), phase, clock);
    } else if (end !== undefined) {
      // `held` that is not live speaks of a task that had not begun.
      close(id, clock, end, event);
      if (event.type === 'task.retrying') waiting.set(id, clock + number(event, 'delay_ms'));
    } else if (ASKING.has(event.type)) {
      const run = open.get(id);
      if (run !== undefined) ask(run, event, clock);
    } else if (event.type === 'task.ready') {
      waiting.set(id, clock);
    } else if (event.type === 'job.recovered') {
      // The last sign of the run before: what lies between is time in which nothing ran.
      // Parked ones were nobody's process, and go on.
      for (const [id, run] of [...open])
        if (!run.isParked) close(id, Number.isFinite(before) ? before : clock, 'interrupted');
    } else if (event.type === 'job.status' && JOB_ENDS.has(text(event, 'to'))) {
      closeAll(clock, 'interrupted');
    }
  }
  closeAll(Math.max(clock, now), 'running');
  return found.toSorted((a, b) => a.from - b.from || a.key.localeCompare(b.key));
};

const ASKING: ReadonlySet<string> = new Set([
  'approval.requested',
  'approval.changed',
  'task.parked',
  'task.resumed',
]);

/** A call that waits for a person: from its request until it is decided, or until the parked worker is back. */
const ask = (run: Open, event: WireEvent, at: number): void => {
  const approval = text(event, 'approval_id');
  if (event.type === 'approval.requested') run.asks.add(approval);
  else if (event.type === 'task.parked') run.isParked = true;
  else if (event.type === 'task.resumed') {
    run.isParked = false;
    run.asks.clear();
  } else if (!OPEN.has(text(event, 'status'))) run.asks.delete(approval);
  const asks = run.isParked || run.asks.size > 0;
  if (asks !== (run.kind === 'asking')) enter(run, asks ? 'asking' : 'working', at);
};

const enter = (run: Open | undefined, kind: SegmentKind, at: number): void => {
  if (run === undefined) return;
  if (at > run.since) run.segments.push({ kind: run.kind, from: run.since, to: at });
  run.kind = kind;
  run.since = at;
};

const finished = (
  run: Open,
  taskId: string,
  at: number,
  outcome: Outcome,
  event: WireEvent | undefined,
): Attempt => {
  const to = Math.max(at, run.since);
  const error = event === undefined ? undefined : errorOf(event);
  const delay = event === undefined ? 0 : number(event, 'delay_ms');
  return {
    key: `${run.started.seq}:${taskId}`,
    taskId,
    attempt: number(run.started, 'attempt'),
    lane: number(run.started, 'lane'),
    from: run.from,
    to,
    outcome,
    segments: [...run.segments, { kind: run.kind, from: run.since, to }],
    ...(run.waitFrom === undefined || run.waitFrom >= run.from ? {} : { waitFrom: run.waitFrom }),
    ...(error === undefined ? {} : { error }),
    ...(outcome === 'retrying' && delay > 0
      ? { pause: { from: to, to: to + delay, rateLimited: error?.code === 'API_RATE_LIMIT' } }
      : {}),
  };
};
