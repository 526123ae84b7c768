import type { AskDesk } from './approving/ports.ts';
import type { Settings } from './config.ts';
import type { Ports } from './lanes/portRanges.ts';
import type { Starts } from './lanes/starts.ts';
import type { TaskSplitter } from './planning/taskSplitter.ts';
import type { CommandRunner } from './ports/commandRunner.ts';
import type { ToolGate } from './ports/gate.ts';
import type { Logger } from './ports/logger.ts';
import type { Store } from './ports/store.ts';
import type { Clock, Ids, Machine } from './ports/system.ts';
import type { TaskLogs } from './ports/taskLogs.ts';
import type { WorkerRuntime } from './ports/worker.ts';
import type { Workspaces } from './ports/workspaces.ts';
import type { Scheduler } from './scheduling/scheduler.ts';

/** What every job's run is given. */
export type RunDeps = {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly machine: Machine;
  readonly workspaces: Workspaces;
  readonly runtime: WorkerRuntime;
  readonly gate: ToolGate;
  /** Where calls wait that a person is asked about. */
  readonly desk: AskDesk;
  readonly commands: CommandRunner;
  readonly logs: TaskLogs;
  readonly store: Store;
  readonly splitter: TaskSplitter;
  readonly scheduler: Scheduler;
  readonly starts: Starts;
  readonly ports: Ports;
};
