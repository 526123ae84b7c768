import { settingReference } from '../infrastructure/config/reference.ts';
import type { CliDeps } from '../presentation/cli/deps.ts';
import { runCli } from '../presentation/cli/run.ts';
import { confirmOn, useColor } from '../presentation/cli/terminal.ts';
import { configInput, version } from './thisProcess.ts';

/** The commands' work. What a command does not need is not loaded: a client's first `initialize` waits for it. */
const deps: CliDeps = {
  version,
  settings: settingReference().filter((setting) => !setting.secret),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  color: {
    stdout: useColor(process.env, process.stdout.isTTY === true),
    stderr: useColor(process.env, process.stderr.isTTY === true),
  },
  confirm: process.stdin.isTTY === true ? confirmOn(process.stdin, process.stderr) : undefined,
  onFault: (thrown) =>
    void process.stderr.write(
      `fault: ${thrown instanceof Error ? thrown.message.slice(0, 500) : 'unknown'}\n`,
    ),
  mcp: async ({ flags }) => {
    // Whoever sets something on the command line is there to be told what is wrong with it.
    if (Object.keys(flags).length > 0)
      (await import('../infrastructure/config/load.ts')).loadConfig(configInput(flags));
    await (await import('./serveMcp.ts')).serveMcp(flags);
  },
  explain: async (flags) =>
    (await import('../infrastructure/config/explain.ts')).explainConfig(configInput(flags)),
  doctor: async (flags) => (await import('./maintenance.ts')).doctor(configInput(flags)),
  clean: {
    kept: async (flags) => (await import('./maintenance.ts')).keptWorktrees(configInput(flags)),
    remove: async (worktree, flags) =>
      (await import('./maintenance.ts')).removeKept(worktree, configInput(flags)),
  },
};

export const runProgram = async (): Promise<void> => {
  process.exitCode = await runCli(process.argv.slice(2), deps);
};
