import type { Opinion } from '../../domain/safety/opinion.ts';
import type { GateIdentity, GateProof } from './gateIdentity.ts';

/** A worker that tries what must be refused. */
export interface Canary {
  /** @throws MissingDependencyError where there is no CLI. */
  identity(): Promise<GateIdentity>;
  /**
   * @returns what did not hold, a sentence each; empty where the gate held everywhere.
   * @throws where the CLI could not be run at all: nothing is proven then, either way.
   */
  run(signal: AbortSignal): Promise<readonly string[]>;
}

/** Where the last proof is kept. */
export interface ProofFile {
  /** @returns undefined where there is none, or none that can be read. */
  read(): Promise<GateProof | undefined>;
  write(proof: GateProof): Promise<void>;
}

/** What an opinion is asked about: the call alone, nothing that its worker says of it. */
export type OpinionQuestion = {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where the call is made: relative to the task's folder, `.` for the folder itself. */
  readonly cwd: string;
};

export interface OpinionAsker {
  /**
   * Ends what it started when the signal aborts.
   * @throws whatever kept it from an opinion, an answer in another form too.
   */
  ask(question: OpinionQuestion, signal: AbortSignal): Promise<Opinion>;
}
