import {
  type Approval,
  type BoundCall,
  canMoveApproval,
  moveApproval,
  OPEN_APPROVAL,
} from '../../domain/approval.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { DangerousOperationError } from '../../domain/errors/index.ts';
import type { PrincipalId } from '../../domain/principal.ts';
import { LOCAL_AGENT } from '../../domain/principal.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Ids } from '../ports/system.ts';
import { unlessAborted } from '../unlessAborted.ts';
import type { ApprovalBoard, ChangeWords, LiveApproval } from './board.ts';
import { digestOf } from './digest.ts';
import { type ApprovalMoves, OUTDATED } from './moves.ts';
import type { CallInspector, InspectedCall, Ruling, WaitingCall } from './ports.ts';
import {
  cancelledMessage,
  deniedMessage,
  expiredMessage,
  fullMessage,
  restlessMessage,
  unhashableMessage,
} from './words.ts';

export type AskingDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly inspector: CallInspector;
  readonly expiryMs: number;
};

const MOST_OPEN = 100;
/** Times that a call is looked at before its files count as restless. */
const MOST_ROUNDS = 20;
const GOAL_CHARACTERS = 2_000;
const MOST_REASONS = 50;

/** The call as it stands now, and for whom. */
type Seen = InspectedCall & { readonly digest: string; readonly goal: string; readonly owner: PrincipalId };

const deny = (message: string): Ruling => ({ kind: 'deny', message });

/** The gate's side: a call comes, and leaves with what a person said about exactly these bytes. */
export class Asking {
  readonly #board: ApprovalBoard;
  readonly #moves: ApprovalMoves;
  readonly #deps: AskingDeps;
  readonly #waiting = new Map<LiveApproval, number>();
  /** Cancelled because the call is another one now: whoever waited asks anew. */
  readonly #outdated = new WeakSet<LiveApproval>();

  constructor(board: ApprovalBoard, moves: ApprovalMoves, deps: AskingDeps) {
    this.#board = board;
    this.#moves = moves;
    this.#deps = deps;
  }

  /** See `AskDesk.ask`. */
  async ask(call: WaitingCall, holdMs: number, signal: AbortSignal): Promise<Ruling> {
    const over = new AbortController();
    const time = this.#deps.clock.sleep(holdMs, over.signal).then(
      () => 'time' as const,
      () => 'time' as const,
    );
    try {
      const about = await this.#about(call);
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const seen = await this.#look(call, signal);
        if (seen instanceof DangerousOperationError) return await this.#refuse(call, seen.message);
        const ruling = await this.#round(call, { ...seen, ...about }, time, signal);
        if (ruling !== undefined) return ruling;
      }
      return deny(restlessMessage);
    } finally {
      over.abort();
    }
  }

  /** @returns undefined where the call must be looked at again. */
  async #round(
    call: WaitingCall,
    seen: Seen,
    time: Promise<'time'>,
    signal: AbortSignal,
  ): Promise<Ruling | undefined> {
    signal.throwIfAborted();
    // From here to the change nothing is waited for: of two equal calls one asks and the other joins it.
    const cleared = this.#clear(call, seen);
    const same = this.#board.ofJob(call.jobId).filter(({ now }) => now.digest === seen.digest);
    const decided = same.find(({ now }) => now.status === 'approved' || now.status === 'denied');
    if (decided !== undefined) {
      const used = this.#moves.use(decided);
      await Promise.all([cleared, used]);
      return ruled(await used);
    }
    const open = same.find(({ now }) => OPEN_APPROVAL.has(now.status));
    if (open === undefined && this.#board.openOf(call.jobId).length >= MOST_OPEN) {
      await cleared;
      await this.#audit(call, 'too many calls wait');
      return deny(fullMessage(MOST_OPEN));
    }
    const asked = open === undefined ? this.#create(call, seen) : this.#join(open, call);
    await cleared;
    return this.#wait(await asked, time, signal);
  }

  async #wait(live: LiveApproval, time: Promise<'time'>, signal: AbortSignal): Promise<Ruling | undefined> {
    this.#waiting.set(live, (this.#waiting.get(live) ?? 0) + 1);
    try {
      const settled = await unlessAborted(Promise.race([live.settled, time]), signal);
      if (settled === 'time') return { kind: 'undecided', approval: live.now };
      if (settled.status === 'expired') return deny(expiredMessage);
      if (settled.status === 'cancelled')
        return this.#outdated.has(live) ? undefined : deny(cancelledMessage);
      if (settled.decisions.at(-1)?.decision !== 'deny') return undefined;
      // Told to all that waited for it; the first of them uses it up.
      if (live.now.status === 'denied') await this.#moves.use(live);
      return deny(deniedMessage(settled));
    } catch (thrown) {
      if (signal.aborted && this.#waiting.get(live) === 1 && live.now.status === 'pending')
        // What stopped the worker must not be hidden by a store that is closed already.
        await this.#moves.supersede(live).catch(() => undefined);
      throw thrown;
    } finally {
      const left = (this.#waiting.get(live) ?? 1) - 1;
      if (left > 0) this.#waiting.set(live, left);
      else this.#waiting.delete(live);
    }
  }

  /** Takes out of the way what is overdue, and what was asked for this call as it was before. */
  async #clear(call: WaitingCall, seen: Seen): Promise<void> {
    const writes: Promise<Approval>[] = [];
    for (const live of this.#board.ofJob(call.jobId)) {
      const { now } = live;
      if (now.expiresAt <= this.#deps.clock.now() && canMoveApproval(now.status, 'expire'))
        writes.push(this.#moves.expire(live));
      else if (isOutdated(now, call, seen)) {
        this.#outdated.add(live);
        writes.push(this.#moves.cancel(live, OUTDATED));
      }
    }
    await Promise.all(writes);
  }

  #create(call: WaitingCall, seen: Seen): Promise<LiveApproval> {
    const { jobId, taskId, verdict } = call;
    const now = this.#deps.clock.now();
    const approval: Approval = {
      id: this.#deps.ids.approval(),
      revision: 1,
      jobId,
      taskId,
      lineage: call.lineage,
      requestedBy: seen.owner,
      status: 'pending',
      risk: verdict.risk,
      reasons: verdict.reasons.slice(0, MOST_REASONS),
      call: seen.call,
      policyHash: call.policyHash,
      digest: seen.digest,
      goal: seen.goal,
      touches: seen.touches,
      ...(seen.diff === undefined ? {} : { diff: seen.diff }),
      asked: 1,
      toolUseId: call.toolUseId,
      sessionId: call.sessionId,
      worktree: call.worktree,
      approversNeeded: verdict.approversNeeded,
      decisions: [],
      usesLeft: 0,
      createdAt: now,
      expiresAt: now + this.#deps.expiryMs,
    };
    return this.#board.create(approval, requested(approval, call, false));
  }

  async #join(live: LiveApproval, call: WaitingCall): Promise<LiveApproval> {
    const { status, toolUseId, sessionId } = live.now;
    const waits = status === 'pending' && toolUseId === call.toolUseId && sessionId === call.sessionId;
    // The very call that waits already, with more patience.
    if (waits) return live;
    await this.#board.change(
      live,
      (now) => ({
        ...now,
        status: now.status === 'superseded' ? moveApproval(now.status, 'ask_again') : now.status,
        asked: now.asked + 1,
        toolUseId: call.toolUseId,
        sessionId: call.sessionId,
      }),
      (now) => requested(now, call, true),
    );
    return live;
  }

  async #look(
    { call, cwd, worktree, jobId, taskId, lineage, policyHash }: WaitingCall,
    signal: AbortSignal,
  ): Promise<(InspectedCall & { readonly digest: string }) | DangerousOperationError> {
    try {
      const seen = await this.#deps.inspector.inspect(call, { cwd, worktree }, signal);
      return { ...seen, digest: digestOf({ call: seen.call, jobId, taskId, lineage, policyHash }) };
    } catch (thrown) {
      if (thrown instanceof DangerousOperationError) return thrown;
      throw thrown;
    }
  }

  async #refuse(call: WaitingCall, why: string): Promise<Ruling> {
    await this.#audit(call, why);
    return deny(unhashableMessage(why));
  }

  #audit({ jobId, taskId, call, verdict }: WaitingCall, why: string): Promise<void> {
    const detail = { tool: call.tool, risk: verdict.risk, why: why.slice(0, 500) };
    const at = this.#deps.clock.now();
    const entry = { at, type: 'call.refused', actor: 'server', jobId, taskId, detail } as const;
    return this.#board.note(jobId, [{ kind: 'audit', entry }]);
  }

  async #about({ jobId, taskId }: WaitingCall): Promise<Pick<Seen, 'goal' | 'owner'>> {
    const journal = this.#board.journal(jobId);
    const { store } = this.#deps;
    const job = journal?.job ?? (await store.job(jobId));
    const task = journal?.tasks.get(taskId) ?? (await store.task(jobId, taskId));
    const goal = task === undefined ? (job?.spec.request ?? '') : `${task.spec.title}\n${task.spec.prompt}`;
    return { owner: job?.owner ?? LOCAL_AGENT.id, goal: goal.slice(0, GOAL_CHARACTERS) };
  }
}

const ruled = (approval: Approval): Ruling =>
  approval.decisions.at(-1)?.decision === 'approve'
    ? { kind: 'allow', input: approval.call.input }
    : deny(deniedMessage(approval));

/** What was asked for, as people read it; its whole is in the table of approvals, and bound by the digest. */
const asked = ({ input }: BoundCall): AuditEntry['detail'] =>
  typeof input.command === 'string' ? { command: input.command } : { input };

const requested = (approval: Approval, { attempt }: WaitingCall, again: boolean): ChangeWords => ({
  audit: {
    type: 'approval.requested',
    actor: approval.requestedBy,
    detail: {
      digest: approval.digest,
      tool: approval.call.tool,
      risk: approval.risk,
      reasons: [...new Set(approval.reasons.map(({ code }) => code))],
      asked: approval.asked,
      cwd: approval.call.cwd,
      ...asked(approval.call),
    },
  },
  happening: {
    type: 'approval.requested',
    taskId: approval.taskId,
    attempt,
    approvalId: approval.id,
    tool: approval.call.tool,
    risk: approval.risk,
    reason: approval.reasons[0]?.text ?? '',
    again,
  },
});

/** Asked for this very call when it was another, or by an attempt that is over. */
const isOutdated = (asked: Approval, call: WaitingCall, { digest, call: bound }: Seen): boolean => {
  if (asked.taskId !== call.taskId || asked.digest === digest || asked.status === 'denied') return false;
  if (!canMoveApproval(asked.status, 'cancel')) return false;
  if (asked.lineage < call.lineage || asked.toolUseId === call.toolUseId) return true;
  return (
    asked.call.tool === bound.tool &&
    asked.call.cwd === bound.cwd &&
    canonicalJson(asked.call.input) === canonicalJson(bound.input)
  );
};
