import { DangerousOperationError } from '../../domain/errors/index.ts';
import type { AuditTrail } from '../auditing/ports.ts';
import type { Logger } from '../ports/logger.ts';
import type { Clock } from '../ports/system.ts';
import { type GateIdentity, sameGate } from './gateIdentity.ts';
import type { Canary, ProofFile } from './ports.ts';

/** How far the proof is that every tool call of a worker passes the gate. */
export type EnforcementState =
  | { readonly status: 'unproven' | 'proving' }
  | { readonly status: 'proven'; readonly provenAt: number }
  | { readonly status: 'failed'; readonly failures: readonly string[] };

/** What a run needs of it. */
export interface Enforced {
  /**
   * Resolves once it is proven that the gate holds for the CLI and the policy as they are now.
   * @throws DangerousOperationError where it does not hold · what the canary threw where it could not run.
   */
  demand(): Promise<void>;
}

/** A worker's first turn, its sub-agent and a late hook take a few seconds; more is no answer. */
const PATIENCE_MS = 90_000;
/** A machine too busy to answer a hook in time looks like a broken gate: one more try tells them apart. */
const TRIES = 2;
/** Who asks again after this long has the gate tried again. */
const REFUSED_FOR_MS = 60_000;

export type EnforcementDeps = {
  readonly canary: Canary;
  readonly file: ProofFile;
  readonly audit: Pick<AuditTrail, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
};

type Known = { readonly of: GateIdentity; readonly state: EnforcementState; readonly at: number };

/**
 * Proves the gate before any worker gets work: a canary must be stopped on the very path that workers take. The
 * proof is kept for the same program, versions, settings and policy; whoever changes one of them is proven anew.
 */
export class Enforcement implements Enforced {
  readonly #deps: EnforcementDeps;
  readonly #closing = new AbortController();
  #known: Known | undefined;
  #proving: { readonly of: GateIdentity; readonly outcome: Promise<EnforcementState> } | undefined;

  constructor(deps: EnforcementDeps) {
    this.#deps = deps;
  }

  get state(): EnforcementState {
    return this.#proving === undefined
      ? (this.#known?.state ?? { status: 'unproven' })
      : { status: 'proving' };
  }

  /** For `system_health`; empty where all is well, or not known yet. */
  problems(): readonly string[] {
    const state = this.#known?.state;
    return state?.status === 'failed'
      ? [`The safety gate does not hold, no worker starts: ${state.failures.join('; ')}.`]
      : [];
  }

  async demand(): Promise<void> {
    refuse(await this.prove());
  }

  /** @throws DangerousOperationError where it was seen within the last minute that the gate does not hold. */
  refuseIfBroken(): void {
    if (this.#known !== undefined && this.#isFresh(this.#known)) refuse(this.#known.state);
  }

  /**
   * The state for the CLI and the policy as they are now; proves what is not proven yet, once for all who ask.
   * @throws what the canary threw where it could not run.
   */
  async prove(): Promise<EnforcementState> {
    const identity = await this.#deps.canary.identity();
    const known = this.#known;
    if (known !== undefined && sameGate(known.of, identity) && this.#isFresh(known)) return known.state;
    const proving = this.#proving;
    if (proving !== undefined) {
      if (sameGate(proving.of, identity)) return proving.outcome;
      // A proof of what was is none of what is: it is waited for, and then the gate is asked about anew.
      await proving.outcome.catch(() => undefined);
      return this.prove();
    }
    const outcome = this.#find(identity).finally(() => {
      this.#proving = undefined;
    });
    this.#proving = { of: identity, outcome };
    return outcome;
  }

  /** Stops a canary that is under way; resolves when nothing of it is left. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the server stops'));
    await this.#proving?.outcome.catch(() => undefined);
  }

  #isFresh({ state, at }: Known): boolean {
    return state.status !== 'failed' || this.#deps.clock.now() - at < REFUSED_FOR_MS;
  }

  #keep(of: GateIdentity, state: EnforcementState): EnforcementState {
    this.#known = { of, state, at: this.#deps.clock.now() };
    return state;
  }

  async #find(identity: GateIdentity): Promise<EnforcementState> {
    const { file, audit, clock, logger } = this.#deps;
    const kept = await file.read();
    if (kept !== undefined && sameGate(kept, identity))
      return this.#keep(identity, { status: 'proven', provenAt: kept.provenAt });
    const failures = await this.#try();
    const detail = { ...identity };
    if (failures.length === 0) {
      const provenAt = clock.now();
      await file.write({ ...identity, provenAt });
      logger.info('SECURITY', 'the gate holds', detail);
      await audit.append({ type: 'enforcement.proven', actor: 'server', detail });
      return this.#keep(identity, { status: 'proven', provenAt });
    }
    logger.critical('SECURITY', 'the gate does not hold: no worker is started', { ...detail, failures });
    const told = { ...detail, failures: [...failures] };
    await audit.append({ type: 'enforcement.failed', actor: 'server', detail: told });
    return this.#keep(identity, { status: 'failed', failures });
  }

  /** @returns what did not hold in the last try. */
  async #try(): Promise<readonly string[]> {
    let failures: readonly string[] = [];
    for (let tries = 0; tries < TRIES; tries++) {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
      failures = await this.#deps.canary.run(signal);
      if (failures.length === 0) break;
    }
    return failures;
  }
}

/** @throws DangerousOperationError for a gate that does not hold. */
const refuse = (state: EnforcementState): void => {
  if (state.status !== 'failed') return;
  throw new DangerousOperationError(
    `The safety gate does not hold with this Claude CLI: ${state.failures.join('; ')}.`,
    {
      hint: 'No worker is started. Use the CLI that comes with this package (leave ORCHESTRATOR_CLAUDE_PATH out), or mend what claude-orchestrator doctor shows; a call after a minute tries the gate again.',
    },
  );
};
