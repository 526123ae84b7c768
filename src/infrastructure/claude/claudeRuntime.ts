import type { Options, SettingSource } from '@anthropic-ai/claude-agent-sdk';
import type { ToolGate } from '../../application/ports/gate.ts';
import type {
  WorkerOptions,
  WorkerRuntime,
  WorkerSession,
  WorkerSpare,
} from '../../application/ports/worker.ts';
import { WorkerSpawnError } from '../../domain/errors/index.ts';
import { ClaudeSession } from './claudeSession.ts';
import { callGate } from './gateHook.ts';
import { type ClaudeCli, claudePath, describeClaude } from './locateClaude.ts';
import { LoneCalls } from './loneCalls.ts';
import { PromptStream } from './promptStream.ts';
import { type SandboxOptions, sandboxFor } from './sandbox.ts';
import { Tripwire } from './tripwire.ts';
import { workerEnvironment } from './workerEnvironment.ts';
import { WorkerProcess } from './workerProcess.ts';

/**
 * Seconds for which the gate may hold a call: a person may be asked, and a call beside others can wait nowhere
 * else. Close below the longest timer there is (2^31 ms).
 */
const HOOK_TIMEOUT_SECONDS = 24 * 24 * 3600;

/**
 * What a worker may use. Left out on purpose: tools that reach other sessions (SendMessage, ListAgents), that
 * outlive the task (Cron*, ScheduleWakeup) or that leave the worktree (EnterWorktree).
 */
const WORKER_TOOLS = [
  'Task',
  'Bash',
  'Edit',
  'Write',
  'Read',
  'Glob',
  'Grep',
  'NotebookEdit',
  'WebFetch',
  'WebSearch',
  'TodoWrite',
];
const READING_TOOLS = ['Read', 'Glob', 'Grep'];
/** Each tool by every name that the CLI's rules know it by. */
const ASK_RULES = [...WORKER_TOOLS, 'Agent'];

/** What is known of a worker's calls from its stream. */
type Watching = { readonly lone: LoneCalls; readonly tripwire: Tripwire };

export type ClaudeRuntimeOptions = {
  readonly configuredPath: string | undefined;
  readonly sourceEnv: Readonly<Record<string, string | undefined>>;
  readonly passedEnv: readonly string[];
  /** Which settings files of the user and the workspace workers obey; none unless the operator says so. */
  readonly settingSources: readonly SettingSource[];
  readonly gate: ToolGate;
  /** Seconds for which the gate may hold a call; a day and more where it is not given. */
  readonly hookTimeoutSeconds?: number;
  /** No sandbox where it is not given. */
  readonly sandbox?: SandboxOptions;
};

export const createClaudeRuntime = (o: ClaudeRuntimeOptions): WorkerRuntime => {
  let cli: Promise<ClaudeCli> | undefined;
  const processes = new Set<WorkerProcess>();
  const newProcess = (options: WorkerOptions): WorkerProcess => {
    for (const process of processes) if (!process.alive) processes.delete(process);
    const process = new WorkerProcess(options.runToken);
    processes.add(process);
    return process;
  };
  const environment = (own: Readonly<Record<string, string>>) =>
    workerEnvironment(o.sourceEnv, o.passedEnv, own);
  const located = (): Promise<string> => claudePath(o.configuredPath, o.sourceEnv);

  const sdkOptions = async (
    options: WorkerOptions,
    process: WorkerProcess,
    { lone, tripwire }: Watching,
    cwd: () => string,
  ): Promise<Options> => {
    const { hook, canUseTool } = callGate({
      gate: o.gate,
      options,
      worktree: cwd,
      lone,
      tripwire,
      pid: () => process.pid,
    });
    const fence = await sandboxFor(o.sandbox, options.cwd, o.sourceEnv);
    return {
      cwd: options.cwd,
      env: environment({ ...fence.env, ...options.env }),
      ...(fence.settings === undefined ? {} : { sandbox: fence.settings }),
      pathToClaudeCodeExecutable: await located(),
      settingSources: [...o.settingSources],
      // No allow rules and no modes that allow: whatever runs, runs because the gate's hook said so.
      permissionMode: 'default',
      tools: options.readOnly === true ? READING_TOOLS : WORKER_TOOLS,
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(options.budgetUsd === undefined ? {} : { maxBudgetUsd: options.budgetUsd }),
      ...(options.outputSchema === undefined
        ? {}
        : { outputFormat: { type: 'json_schema', schema: { ...options.outputSchema } } }),
      hooks: {
        PreToolUse: [
          {
            hooks: [hook],
            timeout: o.hookTimeoutSeconds ?? HOOK_TIMEOUT_SECONDS,
            onFailure: 'block',
          },
        ],
      },
      // Tells where a message ends: a call may be deferred only where no other one follows it.
      includePartialMessages: options.ask !== undefined,
      ...(options.resume === undefined
        ? {}
        : {
            resume: options.resume.sessionId,
            canUseTool,
            settings: { permissions: { ask: ASK_RULES } },
          }),
      spawnClaudeCodeProcess: process.spawn,
    };
  };

  return {
    async open(options): Promise<WorkerSession> {
      // Loaded at the first worker: a server that only answers `tools/list` never needs it.
      const { query } = await import('@anthropic-ai/claude-agent-sdk');
      const process = newProcess(options);
      const input = new PromptStream();
      const watching = { lone: new LoneCalls(options.resume?.toolUseId), tripwire: new Tripwire() };
      const session = query({
        prompt: input,
        options: await sdkOptions(options, process, watching, () => options.cwd),
      });
      const { model, onUnjudged } = options;
      return new ClaudeSession(session, { input, process, ...watching, model, onUnjudged });
    },

    async prewarm(options): Promise<WorkerSpare> {
      const { prewarm } = await import('@anthropic-ai/claude-agent-sdk');
      const process = newProcess(options);
      let cwd = options.cwd;
      const watching = { lone: new LoneCalls(), tripwire: new Tripwire() };
      const spare = await prewarm({ options: await sdkOptions(options, process, watching, () => cwd) });
      spare.claimed.catch(() => undefined);
      return {
        async take(folder, model) {
          cwd = folder;
          const input = new PromptStream();
          try {
            const session = spare.claim({
              prompt: input,
              options: { cwd: folder, ...(model === undefined ? {} : { model }) },
            });
            const { onUnjudged } = options;
            return new ClaudeSession(session, {
              input,
              process,
              ...watching,
              model: model ?? options.model,
              onUnjudged,
            });
          } catch (cause) {
            throw new WorkerSpawnError('A prewarmed worker could not be taken.', {
              hint: 'A new one is started.',
              retryable: true,
              cause,
            });
          }
        },
        async discard() {
          await process.end();
          spare.close();
        },
      };
    },

    live: () => [...processes].filter((process) => process.alive).length,

    async describe() {
      cli ??= located().then((program) => describeClaude(program, environment({})));
      try {
        return await cli;
      } catch (error) {
        cli = undefined;
        throw error;
      }
    },
  };
};
