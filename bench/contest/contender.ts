import { type ScriptedApi, startScriptedApi } from '../../demo/scripted-api.ts';
import { claudePath } from '../../src/infrastructure/claude/locateClaude.ts';
import { workerEnvironment } from '../../src/infrastructure/claude/workerEnvironment.ts';
import type { Usage } from '../measure/command.ts';
import { committed, makePlace, type Place } from './place.ts';
import type { Assignment } from './prompts.ts';

/** Workers at once, for everyone who can be told. */
export const WORKERS = 4;
/** No run takes as long: whoever hangs is ended, and the bench with it. */
const RUN_TIMEOUT_MS = 180_000;

export type Ground = Place & {
  readonly api: ScriptedApi;
  readonly assignments: readonly Assignment[];
  readonly signal: AbortSignal;
};

/** One way to get the assignments done. */
export type Contender = {
  readonly name: string;
  /** @returns what it used, and the refs on which its work is committed. */
  run(ground: Ground): Promise<{ readonly usage: Usage; readonly refs: readonly string[] }>;
};

export type Run = Usage & { readonly finished: number };

/** What leads a CLI to the scripted API, and nothing of the person's who runs the bench. */
export const baseEnvironment = ({ home, api }: Ground): Readonly<Record<string, string>> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  ANTHROPIC_BASE_URL: api.url,
  ANTHROPIC_API_KEY: 'sk-ant-scripted',
});

/** The environment that our own workers get: whoever competes has the same switches. */
export const claudeEnvironment = (ground: Ground): Readonly<Record<string, string>> =>
  workerEnvironment(baseEnvironment(ground), ['GIT_CONFIG_NOSYSTEM'], {});

export const claude = (): Promise<string> => claudePath(process.env.ORCHESTRATOR_CLAUDE_PATH, process.env);

/** Lets one contender run on fresh ground, and counts how much of the work is committed. */
export const compete = async (
  contender: Contender,
  o: {
    readonly assignments: readonly Assignment[];
    readonly latencyMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Run> => {
  await using place = await makePlace();
  await using api = await startScriptedApi({ latencyMs: o.latencyMs });
  const signal = AbortSignal.any([o.signal, AbortSignal.timeout(RUN_TIMEOUT_MS)]);
  const { usage, refs } = await contender.run({ ...place, api, assignments: o.assignments, signal });
  const paths = o.assignments.map(({ path }) => path);
  return { ...usage, finished: await committed(place.repository, refs, paths) };
};
