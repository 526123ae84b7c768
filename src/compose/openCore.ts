import path from 'node:path';
import type { CredentialStore } from '../application/access/ports.ts';
import type { ServedOrchestrator } from '../application/api.ts';
import { EventHub } from '../application/observing/eventHub.ts';
import { LocalOrchestrator } from '../application/orchestrator.ts';
import { createTaskAnalyzer } from '../application/planning/taskAnalyzer.ts';
import { createTaskSplitter } from '../application/planning/taskSplitter.ts';
import type { Logger } from '../application/ports.ts';
import { Ports } from '../application/running/portRanges.ts';
import { Starts } from '../application/running/starts.ts';
import { Scheduler } from '../application/scheduling/scheduler.ts';
import { createToolGate } from '../infrastructure/claude/toolGate.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { toSettings } from '../infrastructure/config/settings.ts';
import { createTaskLogs } from '../infrastructure/process/taskLogs.ts';
import { credentialsOver } from '../infrastructure/store/credentials.ts';
import { openDatabase } from '../infrastructure/store/database.ts';
import { claimStateDir } from '../infrastructure/store/ownership.ts';
import { storeOver } from '../infrastructure/store/store.ts';
import { randomIds } from '../infrastructure/system/randomIds.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { thisMachine } from '../infrastructure/system/thisMachine.ts';
import { createCommandRunner } from '../infrastructure/verify/commandRunner.ts';
import { commandEnvironment, workerRuntimeOf, workspacesOf } from './adapters.ts';

export type Core = {
  readonly orchestrator: ServedOrchestrator;
  /** Keys, passkeys and sessions, in the orchestrator's own database. */
  readonly credentials: CredentialStore;
  readonly close: () => Promise<void>;
};

/**
 * Puts the orchestrator together over its adapters, and takes the state directory for this process.
 * @throws ConflictError where another process has it, naming that one.
 */
export const openCore = async (
  config: Config,
  env: NodeJS.ProcessEnv,
  logger: Logger,
  version: string,
): Promise<Core> => {
  const claim = await claimStateDir(config.stateDir);
  try {
    const settings = toSettings(config);
    const gate = createToolGate([config.stateDir]);
    const runtime = workerRuntimeOf(config, env, gate);
    const database = await openDatabase(path.join(config.stateDir, 'orchestrator.sqlite'));
    const store = storeOver(database, { clock: systemClock, maxQueuedTasks: settings.maxQueuedTasks });
    const orchestrator = await LocalOrchestrator.open({
      settings,
      clock: systemClock,
      ids: randomIds,
      logger,
      machine: thisMachine,
      workspaces: workspacesOf(config),
      runtime,
      gate,
      commands: createCommandRunner({
        ids: randomIds,
        baseEnv: commandEnvironment(config, env),
        ...(config.testNamePattern === undefined
          ? {}
          : { testNamePattern: new RegExp(config.testNamePattern, 'gm') }),
      }),
      logs: createTaskLogs(path.join(config.stateDir, 'logs')),
      store,
      bus: new EventHub((error) =>
        logger.error('SYSTEM', 'a reader of events failed', {
          error: error instanceof Error ? error : new Error(String(error)),
        }),
      ),
      splitter: createTaskSplitter({ runtime, clock: systemClock, ids: randomIds }),
      analyzer: createTaskAnalyzer({ maxWorkers: settings.maxWorkers, machine: thisMachine }),
      scheduler: new Scheduler(settings.maxWorkers, thisMachine),
      starts: new Starts(settings.startStaggerMs),
      ports: new Ports(settings.portBase, settings.portsPerLane),
      version,
      startedAt: systemClock.now(),
    });
    logger.info('SYSTEM', 'orchestrator opened', {
      stateDir: config.stateDir,
      maxWorkers: settings.maxWorkers,
    });
    return {
      orchestrator,
      credentials: credentialsOver(database),
      close: async () => {
        await orchestrator.close();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
};
