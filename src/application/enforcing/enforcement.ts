import type { AuditTrail } from '../auditing/ports.ts';
import type { Logger } from '../ports/logger.ts';
import type { Clock } from '../ports/system.ts';
import type { Served, UnjudgedCall } from '../ports/worker.ts';
import { type Enforced, type EnforcementState, passedBy, refuse } from './enforced.ts';
import { type GateIdentity, sameGate } from './gateIdentity.ts';
import type { Canary, ProofFile } from './ports.ts';

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
  /** What last ran past the gate: a canary that began before it proves nothing against it. */
  #passed: { readonly why: string } | undefined;
  /** Whose kept proof was taken, and told. */
  readonly #believed: GateIdentity[] = [];
  #written: Promise<void> = Promise.resolve();
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

  withdraw(call: UnjudgedCall, served: Served | undefined): void {
    const { clock, logger } = this.#deps;
    const why = passedBy(call);
    this.#passed = { why };
    // Before the first proof there is no worker that could have made a call.
    if (this.#known !== undefined) this.#keep(this.#known.of, { status: 'failed', failures: [why] });
    logger.critical('SECURITY', 'a call ran past the gate: its worker is ended, and none is started', {
      tool: call.tool,
      toolUseId: call.toolUseId,
      ...served,
    });
    const at = clock.now();
    this.#written = this.#written.then(() => this.#writeDown(call, served, { at, why }));
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
    await this.#written;
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
    await this.#written;
    const kept = await file.read();
    if (kept !== undefined && kept.withdrawn === undefined && sameGate(kept, identity))
      return this.#believe(identity, kept.provenAt);
    const passed = this.#passed;
    const failures = await this.#try();
    const detail = { ...identity };
    if (failures.length === 0) {
      const provenAt = clock.now();
      const write = this.#written.then(() => file.write({ ...identity, provenAt }));
      this.#written = write.catch(() => undefined);
      await write;
      logger.info('SECURITY', 'the gate holds', detail);
      await audit.append({ type: 'enforcement.proven', actor: 'server', detail });
      if (this.#passed !== undefined && this.#passed !== passed)
        return this.#keep(identity, { status: 'failed', failures: [this.#passed.why] });
      return this.#keep(identity, { status: 'proven', provenAt });
    }
    logger.critical('SECURITY', 'the gate does not hold: no worker is started', { ...detail, failures });
    const told = { ...detail, failures: [...failures] };
    await audit.append({ type: 'enforcement.failed', actor: 'server', detail: told });
    return this.#keep(identity, { status: 'failed', failures });
  }

  /** A file can be forged by whoever may write it: that it was believed stands in the log, once a process. */
  async #believe(identity: GateIdentity, provenAt: number): Promise<EnforcementState> {
    if (!this.#believed.some((of) => sameGate(of, identity))) {
      const detail = { ...identity, kept: true, proven_at: provenAt };
      await this.#deps.audit.append({ type: 'enforcement.proven', actor: 'server', detail });
      this.#believed.push(identity);
    }
    return this.#keep(identity, { status: 'proven', provenAt });
  }

  /** A server that is started anew must know, and so must `doctor`. Never rejects. */
  async #writeDown(
    { tool, toolUseId, fromSubagent }: UnjudgedCall,
    served: Served | undefined,
    withdrawn: { readonly at: number; readonly why: string },
  ): Promise<void> {
    const { file, audit, logger } = this.#deps;
    const lost = (thrown: unknown): void =>
      logger.critical('SECURITY', 'that a call ran past the gate could not be written down', {
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      });
    const detail = { tool, tool_use_id: toolUseId, from_subagent: fromSubagent, why: withdrawn.why };
    await audit.append({ type: 'enforcement.passed', actor: 'server', ...served, detail }).catch(lost);
    const kept = await file.read();
    if (kept !== undefined) await file.write({ ...kept, withdrawn }).catch(lost);
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
