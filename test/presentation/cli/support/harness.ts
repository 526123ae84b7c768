import type { Screen } from '../../../../src/presentation/cli/deps.ts';
import type { ProgramDeps } from '../../../../src/presentation/cli/program.ts';
import { runCli } from '../../../../src/presentation/cli/run.ts';
import { createFixtureOrchestrator } from '../../../support/mcp/fixtureOrchestrator.ts';
import { localClient } from './localClient.ts';

/** When the fixture's jobs are made. */
export const CREATED = Date.UTC(2026, 0, 2, 3, 4, 5);
const DEADLINE_MS = 10_000;

/** A terminal whose size and ticks are the test's. */
export const testScreen = (columns = 80, rows = 24) => {
  const ticks = new Set<() => void>();
  const resizes = new Set<() => void>();
  const size = { columns, rows };
  const hearing = (set: Set<() => void>) => (hear: () => void) => {
    set.add(hear);
    return () => void set.delete(hear);
  };
  const screen: Screen = {
    columns: () => size.columns,
    rows: () => size.rows,
    onResize: hearing(resizes),
    every: (_ms, hear) => hearing(ticks)(hear),
  };
  return {
    screen,
    tick: () => {
      for (const hear of ticks) hear();
    },
    resize: (to: { columns: number; rows: number }) => {
      Object.assign(size, to);
      for (const hear of resizes) hear();
    },
    /** Listeners that are left. */
    heard: () => ticks.size + resizes.size,
  };
};

/** Commands over an orchestrator in memory, with what they wrote. */
export const createHarness = (over: Partial<ProgramDeps> = {}) => {
  const orchestrator = createFixtureOrchestrator();
  const client = localClient(orchestrator);
  const interrupts = new Set<() => void>();
  const written = { stdout: '', stderr: '' };
  const calls: unknown[] = [];
  const faults: unknown[] = [];
  const waiters = new Set<() => void>();
  const write = (to: 'stdout' | 'stderr') => (text: string) => {
    written[to] += text;
    for (const look of waiters) look();
  };

  const deps: ProgramDeps = {
    version: '1.2.3',
    settings: [
      { key: 'stateDir', flag: '--state-dir', form: 'path', description: 'State.' },
      { key: 'maxWorkers', flag: '--max-workers', form: 'auto or 1-100', description: 'Workers.' },
      { key: 'url', flag: '--url', form: 'URL', description: 'Elsewhere.' },
    ],
    stdout: write('stdout'),
    stderr: write('stderr'),
    color: { stdout: false, stderr: false },
    confirm: undefined,
    onFault: (thrown) => void faults.push(thrown),
    screen: undefined,
    now: () => CREATED + 65_000,
    onInterrupt: (hear) => {
      interrupts.add(hear);
      return () => void interrupts.delete(hear);
    },
    folder: () => '/work/repo/inner',
    topLevel: async () => '/work/repo',
    stdin: async () => '',
    connect: async (flags) => {
      calls.push({ connect: flags });
      return client;
    },
    running: async () => client,
    serve: async (options) => void calls.push({ serve: options.flags, detached: options.detached }),
    stop: async () => undefined,
    mcp: async (options) => void calls.push({ mcp: options }),
    open: undefined,
    explain: () => ({ rows: [], warnings: [], problems: [] }),
    doctor: async () => [],
    audit: {
      verify: async () => ({ entries: 0, hash: undefined, unsigned: 0, heads: [], findings: [] }),
      export: async () => 0,
    },
    clean: { kept: async () => [], remove: async () => {} },
    clients: async () => {
      throw new Error('not asked for');
    },
    prompts: undefined,
    secrets: undefined,
    passphrase: async () => {
      throw new Error('not asked for');
    },
    elicitation: async () => {
      throw new Error('not asked for');
    },
    choose: async () => {
      throw new Error('not asked for');
    },
    keyClients: {
      withKey: async () => undefined,
      person: async () => {
        throw new Error('not asked for');
      },
    },
    deciders: {
      withKey: async () => undefined,
      person: async () => {
        throw new Error('not asked for');
      },
    },
    safety: {
      check: async () => {
        throw new Error('not asked for');
      },
      open: async () => {
        throw new Error('not asked for');
      },
    },
    stdinParts: async function* () {},
    writeOut: async (text) => write('stdout')(text),
    hook: async (flags) => void calls.push({ hook: flags }),
    ...over,
  };

  return {
    orchestrator,
    client,
    deps,
    written,
    calls,
    faults,
    interrupt: () => {
      for (const hear of [...interrupts]) hear();
    },
    listening: () => interrupts.size,
    run: async (...argv: readonly string[]) => {
      const from = { ...written };
      const exitCode = await runCli(argv, deps);
      return {
        exitCode,
        stdout: written.stdout.slice(from.stdout.length),
        stderr: written.stderr.slice(from.stderr.length),
      };
    },
    /** Resolves once what was written fits. */
    until: (fits: (written: { stdout: string; stderr: string }) => boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!fits(written)) return;
          clearTimeout(timer);
          waiters.delete(look);
          resolve();
        };
        const timer = setTimeout(
          () => reject(new Error(`it was not written: ${JSON.stringify(written).slice(-2000)}`)),
          DEADLINE_MS,
        );
        waiters.add(look);
        look();
      }),
    /** A job with the tasks of these ids. */
    submit: async (...ids: readonly string[]): Promise<string> => {
      const tasks = ids.map((id) => ({ id, prompt: `do ${id}` }));
      const { job_id } = await client.submit({ request: 'All of it', workspace: '/w', tasks });
      return job_id;
    },
    /** Moves a task of the fixture; see taskMoves.ts. */
    move: (job_id: string, task_id: string, message: string) =>
      client.steer({ job_id, task_id, action: 'message', message }),
  };
};
