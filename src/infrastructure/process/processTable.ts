/** A process by what cannot be reused: its number together with the time of its start. */
export type ProcessIdentity = {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly startTime: string;
};

export type TokenCarrier = ProcessIdentity & {
  /** The command line, shortened: for messages. */
  readonly command: string;
};

/** The operating system's table of processes. Every answer is of this moment. */
export interface ProcessTable {
  /** Processes whose environment holds {@link TOKEN_VARIABLE} with one of these values, our own included. */
  carriers(tokens: ReadonlySet<string>): readonly TokenCarrier[];
  /** Processes in the same PID namespace as `pid`, where that is not our own; none where there is no such thing. */
  namesakes(pid: number): readonly TokenCarrier[];
  /** Undefined where the process is gone, or dead and only not yet collected by its parent. */
  startTime(pid: number): string | undefined;
  parent(pid: number): number | undefined;
  children(pid: number): readonly number[];
  /** Bytes; 0 where it cannot be told. */
  residentBytes(pid: number): number;
}

/** The mark by which the processes of a run are found again, whoever adopted them. */
export const TOKEN_VARIABLE = 'ORCHESTRATOR_RUN_TOKEN';

/** Characters of a command line that are worth showing. */
export const COMMAND_CHARACTERS = 200;
