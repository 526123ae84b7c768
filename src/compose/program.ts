import { settingReference } from '../infrastructure/config/reference.ts';
import { choicePrompt } from '../presentation/cli/choicePrompt.ts';
import type { FlagValues } from '../presentation/cli/deps.ts';
import type { ProgramDeps } from '../presentation/cli/program.ts';
import { runCli } from '../presentation/cli/run.ts';
import { secretPrompts } from '../presentation/cli/secretPrompts.ts';
import { confirmOn, useColor } from '../presentation/cli/terminal.ts';
import type { OrchestratorClient } from '../presentation/client/api.ts';
import { configInput, version } from './thisProcess.ts';
import { endWithReaders, thisTerminal } from './thisTerminal.ts';

const connect = async (flags: FlagValues): Promise<OrchestratorClient> =>
  (await import('./connect.ts')).connect({
    flags,
    as: 'cli',
    signal: new AbortController().signal,
    onNote: (note) => thisTerminal.stderr(`${note}\n`),
  });

/** For what the local token may not do: with a key, or as the person. */
const credentials = {
  withKey: async (flags: FlagValues) => (await import('./accountsHere.ts')).clientWithKey(flags, connect),
  person: async (flags: FlagValues) => (await import('./accountsHere.ts')).clientOfPerson(flags, connect),
};

/** The commands' work. What a command does not need is not loaded: a client's first `initialize` waits for it. */
const deps: ProgramDeps = {
  version,
  settings: settingReference().filter((setting) => !setting.secret),
  ...thisTerminal,
  color: {
    stdout: useColor(process.env, process.stdout.isTTY === true),
    stderr: useColor(process.env, process.stderr.isTTY === true),
  },
  confirm: process.stdin.isTTY === true ? confirmOn(process.stdin, process.stderr) : undefined,
  onFault: (thrown) =>
    void process.stderr.write(
      `fault: ${thrown instanceof Error ? thrown.message.slice(0, 500) : 'unknown'}\n`,
    ),
  connect,
  running: async (flags) =>
    (await import('./connect.ts')).connectToRunning({
      flags,
      as: 'cli',
      signal: new AbortController().signal,
    }),
  serve: async (options) => (await import('./serve.ts')).serve(options),
  stop: async (options) => (await import('./stop.ts')).stop(options),
  secrets: secretPrompts(process.stdin, process.stderr),
  passphrase: async (flags) => (await import('./accountsHere.ts')).passphraseHere(flags),
  elicitation: async (flags) => (await import('./accountsHere.ts')).elicitationHere(flags),
  choose: choicePrompt(process.stdin, process.stderr),
  keyClients: credentials,
  deciders: credentials,
  clients: async () => (await import('./setup.ts')).clientsHere(),
  prompts: process.stdin.isTTY === true ? async () => (await import('./setup.ts')).promptsHere() : undefined,
  mcp: async ({ inProcess, flags }) => {
    // Whoever sets something on the command line is there to be told what is wrong with it.
    if (Object.keys(flags).length > 0)
      (await import('../infrastructure/config/load.ts')).loadConfig(configInput(flags));
    if (inProcess) await (await import('./serveMcp.ts')).serveMcp(flags);
    else await (await import('./serveFront.ts')).serveFront(flags);
  },
  safety: {
    check: async (...about) => (await import('./safetyHere.ts')).checkPolicy(...about),
    open: async (...about) => (await import('./safetyHere.ts')).openSafety(...about),
  },
  hook: async (flags) => (await import('./hook.ts')).hookHere(flags),
  explain: async (flags) =>
    (await import('../infrastructure/config/explain.ts')).explainConfig(configInput(flags)),
  doctor: async (flags) => (await import('./maintenance.ts')).doctor(configInput(flags)),
  audit: {
    verify: async (options) => (await import('./auditHere.ts')).auditHere.verify(options),
    export: async (options) => (await import('./auditHere.ts')).auditHere.export(options),
  },
  clean: {
    kept: async (flags) => (await import('./maintenance.ts')).keptWorktrees(configInput(flags)),
    remove: async (worktree, flags) =>
      (await import('./maintenance.ts')).removeKept(worktree, configInput(flags)),
  },
};

export const runProgram = async (): Promise<void> => {
  if (process.argv[2] !== 'mcp') endWithReaders();
  process.exitCode = await runCli(process.argv.slice(2), deps);
  // Whoever presses Tab does not wait for a server that gave no answer in time.
  if (process.argv[2] === 'complete') process.exit();
};
