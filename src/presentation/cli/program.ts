import { Command } from 'commander';
import type { Finish } from './command.ts';
import { PROGRAM } from './command.ts';
import { registerApprovals } from './commands/approvals.ts';
import { type ApproveDeps, registerApprove } from './commands/approve.ts';
import { type AuditDeps, registerAudit } from './commands/audit.ts';
import { registerCancel } from './commands/cancel.ts';
import { registerClean } from './commands/clean.ts';
import { registerCompletion } from './commands/completion.ts';
import { registerConfig } from './commands/config.ts';
import { registerDashboard } from './commands/dashboard.ts';
import { registerDeny } from './commands/deny.ts';
import { registerDiff } from './commands/diff.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerHook } from './commands/hook.ts';
import { type InitDeps, registerInit } from './commands/init.ts';
import { registerJudge } from './commands/judge.ts';
import { type KeysDeps, registerKeys } from './commands/keys.ts';
import { registerList } from './commands/list.ts';
import { registerLogs } from './commands/logs.ts';
import { registerMcp } from './commands/mcp.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerResult } from './commands/result.ts';
import { registerRun } from './commands/run.ts';
import { registerServe } from './commands/serve.ts';
import { registerSetup } from './commands/setup.ts';
import { registerStatus } from './commands/status.ts';
import { registerSteer } from './commands/steer.ts';
import { registerStop } from './commands/stop.ts';
import { registerWatch } from './commands/watch.ts';
import type { CliDeps } from './deps.ts';
import type { HookDeps, SafetyDeps } from './policy/safetyDeps.ts';

/** What all commands together need done. */
export type ProgramDeps = CliDeps & InitDeps & KeysDeps & ApproveDeps & AuditDeps & SafetyDeps & HookDeps;

type Register = (program: Command, deps: ProgramDeps, finish: Finish) => void;

/** In the order in which the help shows them. */
const GROUPS: readonly (readonly [string, readonly Register[]])[] = [
  [
    'Jobs:',
    [
      registerRun,
      registerWatch,
      registerStatus,
      registerList,
      registerLogs,
      registerResult,
      registerDiff,
      registerCancel,
      registerSteer,
    ],
  ],
  ['Approvals:', [registerApprovals, registerApprove, registerDeny]],
  ['Server:', [registerServe, registerStop, registerMcp, registerDashboard, registerInit, registerKeys]],
  ['Safety:', [registerPolicy, registerJudge, registerHook]],
  ['Upkeep:', [registerSetup, registerDoctor, registerConfig, registerAudit, registerClean]],
];

const registerAll = (program: Command, deps: ProgramDeps, finish: Finish): Command => {
  for (const [title, registers] of GROUPS) {
    program.commandsGroup(title);
    for (const register of registers) register(program, deps, finish);
  }
  return program;
};

const bareProgram = (deps: CliDeps): Command =>
  new Command(PROGRAM)
    .description('Runs many Claude Code workers on one git repository, over MCP, HTTP and this command line.')
    .version(deps.version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: deps.stdout,
      writeErr: deps.stderr,
      // Errors are rendered in one place, with their hint and code.
      outputError: () => {},
      getOutHasColors: () => deps.color.stdout,
      getErrHasColors: () => deps.color.stderr,
      // Help is the same text wherever it is read.
      getOutHelpWidth: () => HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
    });

const HELP_COLUMNS = 100;

/**
 * The command line.
 * @param finish hears the exit code of the command that ran. Errors are thrown out of `parseAsync`; nothing here
 * ends the process.
 */
export const buildProgram = (deps: ProgramDeps, finish: Finish): Command => {
  const program = registerAll(bareProgram(deps), deps, finish);
  registerCompletion(program, deps, finish, () => registerAll(bareProgram(deps), deps, finish));
  return program;
};
