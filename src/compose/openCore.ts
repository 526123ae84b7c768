import path from 'node:path';
import type { CredentialStore } from '../application/access/ports.ts';
import type { ServedOrchestrator } from '../application/api.ts';
import { ApprovalDesk } from '../application/approving/desk.ts';
import { watchedChoice } from '../application/auditing/watchedChoice.ts';
import { enforcedRuntime } from '../application/enforcing/enforcedRuntime.ts';
import type { Enforcement } from '../application/enforcing/enforcement.ts';
import { Ports } from '../application/lanes/portRanges.ts';
import { Starts } from '../application/lanes/starts.ts';
import { EventHub } from '../application/observing/eventHub.ts';
import { LocalOrchestrator } from '../application/orchestrator.ts';
import { createTaskAnalyzer } from '../application/planning/taskAnalyzer.ts';
import { createTaskSplitter } from '../application/planning/taskSplitter.ts';
import type { Logger } from '../application/ports/logger.ts';
import { Scheduler } from '../application/scheduling/scheduler.ts';
import { approvalChoiceIn } from '../infrastructure/access/approvalChoice.ts';
import { nodeSecrets } from '../infrastructure/access/secrets.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { toSettings } from '../infrastructure/config/settings.ts';
import { createTaskLogs } from '../infrastructure/process/taskLogs.ts';
import { createCallInspector } from '../infrastructure/safety/callInspector.ts';
import { credentialsOver } from '../infrastructure/store/credentials.ts';
import { claimStateDir } from '../infrastructure/store/ownership.ts';
import { randomIds } from '../infrastructure/system/randomIds.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { thisMachine } from '../infrastructure/system/thisMachine.ts';
import { createCommandRunner } from '../infrastructure/verify/commandRunner.ts';
import { commandEnvironment, workerRuntimeOf, workspacesOf } from './adapters.ts';
import { enforcementOf } from './enforcement.ts';
import { gateOf, policiesOf } from './gateOf.ts';
import { type Audited, openAudited } from './openAudited.ts';
import { secondOpinionOver } from './secondOpinion.ts';

/** With the audit log: `audit` reads and appends, `feed` is told beside the work. */
export type Core = Pick<Audited, 'audit' | 'feed' | 'passphraseFile'> & {
  readonly orchestrator: ServedOrchestrator;
  /** Keys, passkeys and sessions, in the orchestrator's own database. */
  readonly credentials: CredentialStore;
  /** Where calls of workers wait for a person. */
  readonly approvals: ApprovalDesk;
  /** The proof that every call of a worker passes the gate. */
  readonly enforcement: Pick<Enforcement, 'prove'>;
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
    const audited = await openAudited(config, env, logger, {
      version,
      maxQueuedTasks: settings.maxQueuedTasks,
    });
    const { store, database, audit, feed, passphraseFile, policySeen, settingsSeen } = audited;
    const policies = policiesOf(config, logger, policySeen);
    const judged = gateOf(config, policies, { onWarning: (text) => logger.warning('SECURITY', text) });
    // The canary proves the judge itself, whatever a model thinks.
    const enforcement = enforcementOf({ config, env, gate: judged, policies, audit, logger });
    const stopped = new AbortController();
    const gate = secondOpinionOver(judged, { config, env, logger, signal: stopped.signal });
    const runtime = enforcedRuntime(workerRuntimeOf(config, env, gate), enforcement);
    const bus = new EventHub((error) =>
      logger.error('SYSTEM', 'a reader of events failed', {
        error: error instanceof Error ? error : new Error(String(error)),
      }),
    );
    const credentials = credentialsOver(database);
    const elicitation = watchedChoice(approvalChoiceIn(config.stateDir, systemClock), settingsSeen);
    await elicitation.elicitationChoice();
    const approvals = await ApprovalDesk.open({
      store,
      bus,
      clock: systemClock,
      ids: randomIds,
      logger,
      inspector: createCallInspector(),
      secrets: nodeSecrets,
      credentials,
      elicitation,
      settings: { expiryMs: config.approvalExpiry * 1000 },
    });
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
      bus,
      desk: approvals,
      splitter: createTaskSplitter({ runtime, clock: systemClock, ids: randomIds }),
      analyzer: createTaskAnalyzer({ maxWorkers: settings.maxWorkers, machine: thisMachine }),
      scheduler: new Scheduler(settings.maxWorkers, thisMachine),
      starts: new Starts(settings.startStaggerMs),
      ports: new Ports(settings.portBase, settings.portsPerLane),
      version,
      startedAt: systemClock.now(),
      audit: feed,
      otherProblems: () => [...audited.auditProblems(), ...enforcement.problems()],
      refuseWork: () => enforcement.refuseIfBroken(),
    });
    logger.info('SYSTEM', 'orchestrator opened', {
      stateDir: config.stateDir,
      maxWorkers: settings.maxWorkers,
    });
    return {
      orchestrator,
      credentials,
      approvals,
      enforcement,
      audit,
      feed,
      passphraseFile,
      close: async () => {
        stopped.abort(new Error('the server stops'));
        approvals.close();
        await enforcement.close();
        await orchestrator.close();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
};
