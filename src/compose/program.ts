import { homedir } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import type { ConfigInput } from '../infrastructure/config/reading.ts';
import { settingReference } from '../infrastructure/config/reference.ts';
import { thisMachine } from '../infrastructure/system/thisMachine.ts';
import type { CliDeps, FlagValues } from '../presentation/cli/deps.ts';
import { runCli } from '../presentation/cli/run.ts';
import { confirmOn, useColor } from '../presentation/cli/terminal.ts';

const { version } = packageJson;

const configInput = (flags: FlagValues): ConfigInput => ({
  env: process.env,
  flags,
  cores: thisMachine.cores(),
  availableMemory: thisMachine.availableMemory(),
  home: homedir(),
  cwd: process.cwd(),
  stderrIsTerminal: process.stderr.isTTY === true,
});

/** The commands' work. What a command does not need is not loaded: a client's first `initialize` waits for it. */
const deps: CliDeps = {
  version,
  settings: settingReference(),
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
  mcp: async ({ flags }) => (await import('./serveMcp.ts')).serveMcp(configInput(flags), version),
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
