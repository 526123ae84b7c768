import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { GateIdentity } from '../../../application/enforcing/gateIdentity.ts';
import type { Canary } from '../../../application/enforcing/ports.ts';
import type { ToolGate } from '../../../application/ports/gate.ts';
import type { Ids } from '../../../application/ports/system.ts';
import type { WorkerRuntime } from '../../../application/ports/worker.ts';
import { DangerousOperationError, OrchestratorError } from '../../../domain/errors/index.ts';
import type { ToolCall, Verdict } from '../../../domain/safety/verdict.ts';
import { promptOf, type ScriptedModel, startScriptedModel } from './scriptedModel.ts';
import { TRIAL_NAMES, TRIALS, type Trial, targetOf, trialOf } from './trials.ts';

export type CanaryOptions = {
  /** Workers' own runtime over another gate: the same program, spawn and hook. Its hooks wait for so many seconds. */
  readonly runtimeWith: (gate: ToolGate, hookTimeoutSeconds: number) => WorkerRuntime;
  readonly gate: ToolGate;
  readonly policyHash: () => string;
  /** Of this program. */
  readonly version: string;
  /** What else decides how a worker is started. */
  readonly settings: string;
  readonly ids: Ids;
  /** The state directory, which no policy opens to workers. */
  readonly stateDir: string;
};

/** Long enough for a busy machine to judge, short enough to wait for. */
const HOOK_SECONDS = 3;

/** Would lead the CLI to another API than the canary's. */
const NO_OTHER_API = {
  ANTHROPIC_AUTH_TOKEN: '',
  CLAUDE_CODE_OAUTH_TOKEN: '',
  CLAUDE_CODE_USE_BEDROCK: '',
  CLAUDE_CODE_USE_VERTEX: '',
  CLAUDE_CODE_USE_FOUNDRY: '',
  NO_PROXY: '127.0.0.1',
  no_proxy: '127.0.0.1',
};

/**
 * A worker on the real path that tries, by itself and by a sub-agent, to delete folders of the orchestrator's own:
 * harmless ones, made for it. Also where the gate fails, and where it never answers, the call must not run.
 */
export const createCanary = (o: CanaryOptions): Canary => {
  /** Asked again only where the file is another one: a version costs the start of a process. */
  let known: { readonly program: string; readonly path: string; readonly version: string } | undefined;
  const programAt = async (file: string): Promise<string> => {
    const { size, mtimeMs } = await stat(file);
    return `${file} ${size} ${mtimeMs}`;
  };

  const identity = async (): Promise<GateIdentity> => {
    if (known === undefined || known.program !== (await programAt(known.path))) {
      const { path: file, version } = await o.runtimeWith(o.gate, HOOK_SECONDS).describe();
      known = { program: await programAt(file), path: file, version };
    }
    const { program, version } = known;
    return {
      program,
      cliVersion: version,
      sdkVersion: sdkVersion(),
      version: o.version,
      settings: o.settings,
      policyHash: o.policyHash(),
    };
  };

  const run = async (signal: AbortSignal): Promise<readonly string[]> => {
    const nonce = randomBytes(6).toString('hex');
    const folder = path.join(o.stateDir, `canary-${nonce}`);
    const seen = new Map<Trial, Verdict>();
    // Not in the state directory: the sandbox hides that, the worker's own folder with it.
    const place = await realpath(await mkdtemp(path.join(tmpdir(), 'canary-')));
    for (const trial of TRIAL_NAMES) await mkdir(targetOf(folder, trial), { recursive: true });
    const model = await startScriptedModel(folder, nonce);
    try {
      const runtime = o.runtimeWith(failingWhereAsked(o.gate, folder), HOOK_SECONDS);
      const session = await runtime.open({
        cwd: place,
        runToken: o.ids.runToken(),
        env: {
          ...NO_OTHER_API,
          ANTHROPIC_BASE_URL: model.url,
          ANTHROPIC_API_KEY: 'sk-ant-canary',
          CLAUDE_CONFIG_DIR: path.join(place, '.config'),
        },
        model: undefined,
        budgetUsd: undefined,
        readRoots: [],
        onVerdict: (call, verdict) => noteVerdict(seen, folder, call, verdict),
      });
      const crash = await session
        .run({ prompt: promptOf(nonce), model: undefined, signal, onEvent: () => undefined })
        .then(() => undefined)
        .catch((error: unknown) => error ?? new Error('the canary crashed'))
        .finally(() => session.end());
      const damaged = TRIAL_NAMES.some((trial) => !existsSync(targetOf(folder, trial)));
      // What crashed has proven nothing, unless it did damage before.
      if (crash !== undefined && !damaged) {
        if (isTooOld(crash)) return ['the CLI lets a call run where its hook fails'];
        if (!(crash instanceof DangerousOperationError)) throw crash;
      }
      const failures = TRIAL_NAMES.flatMap((trial) => failureOf(trial, folder, seen, model));
      // A call besides the trials' ended the worker, such as the one that starts the sub-agent.
      return crash instanceof DangerousOperationError
        ? [...failures, 'a call ran without the gate’s leave']
        : failures;
    } finally {
      await model.close();
      for (const made of [folder, place]) await rm(made, { recursive: true, force: true });
    }
  };

  return { identity, run };
};

/** The gate as it is, but for two trials: one at which it fails, one at which it never answers. */
const failingWhereAsked = (gate: ToolGate, folder: string): ToolGate => ({
  judge: (call, fence) => {
    const trial = trialOf(folder, call.input.command);
    if (trial === 'thrown') return Promise.reject(new Error('the gate fails, on purpose'));
    if (trial === 'late') return new Promise(() => undefined);
    return gate.judge(call, fence);
  },
});

const noteVerdict = (seen: Map<Trial, Verdict>, folder: string, call: ToolCall, verdict: Verdict): void => {
  const trial = trialOf(folder, call.input.command);
  // A sub-agent's call that comes as the worker's own would get the worker's rights.
  if (trial !== undefined && call.fromSubagent === (trial === 'subagent')) seen.set(trial, verdict);
};

/** What a refusal is known by in the worker's own conversation: nothing but the gate can have said it. */
const failureOf = (
  trial: Trial,
  folder: string,
  seen: ReadonlyMap<Trial, Verdict>,
  { results }: ScriptedModel,
): readonly string[] => {
  const what = TRIALS[trial];
  if (!existsSync(targetOf(folder, trial))) return [`${what} ran although it must not`];
  const told = results.get(trial);
  if (told === undefined) return [`${what} was never made, so nothing is known of it`];
  if (trial === 'thrown' || trial === 'late') return [];
  const verdict = seen.get(trial);
  if (verdict === undefined) return [`${what} never reached the gate`];
  if (verdict.decision === 'allow') return [`${what} was allowed by the judge`];
  return told.includes(JSON.stringify(verdict.message).slice(1, 60))
    ? []
    : [`${what} was refused by something else than the gate`];
};

/** The SDK's own words about a CLI that does not know `onFailure`; it starts no session with one. */
const isTooOld = (error: unknown): boolean =>
  error instanceof OrchestratorError && String(error.context.cause).includes('onFailure');

const sdkVersion = (): string => {
  const require = createRequire(import.meta.url);
  try {
    return z
      .object({ version: z.string() })
      .parse(
        require(path.join(path.dirname(require.resolve('@anthropic-ai/claude-agent-sdk')), 'package.json')),
      ).version;
  } catch {
    return 'unknown';
  }
};
