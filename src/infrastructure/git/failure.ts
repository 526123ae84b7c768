import {
  ConflictError,
  FileSystemError,
  InsufficientResourcesError,
  MissingDependencyError,
  type OrchestratorError,
} from '../../domain/errors/index.ts';

type Call = { readonly args: readonly string[]; readonly cwd: string };
type Answer = { readonly stderr: string; readonly exitCode: number };
type Outcome = {
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly folderGone: boolean;
  readonly cause?: unknown;
};

/** The subcommand, for people: `worktree add` says more than `worktree`. */
const verb = (args: readonly string[]): string => {
  const [first = '', second = ''] = args;
  return ['worktree', 'submodule'].includes(first) ? `${first} ${second}` : first;
};

/**
 * What a failed git process means. Git's own words go to the context only: they name folders that the
 * caller never gave us.
 */
export const gitFailure = (call: Call, answer: Answer, outcome: Outcome): OrchestratorError => {
  const name = `git ${verb(call.args)}`;
  const context = {
    command: call.args,
    cwd: call.cwd,
    exitCode: answer.exitCode,
    stderr: answer.stderr.slice(0, 4000),
  };
  if (outcome.folderGone) {
    return new FileSystemError(`${name} found its folder gone.`, {
      hint: 'Retry the task: it gets a new worktree. If it is your own checkout, bring it back first.',
      retryable: true,
      context,
    });
  }
  if (outcome.code === 'ENOENT') {
    return new MissingDependencyError('git was not found.', {
      hint: 'Install git 2.38 or newer and make sure that it is on PATH; `claude-orchestrator doctor` checks it.',
      context,
      cause: outcome.cause,
    });
  }
  if (outcome.timedOut) {
    return new FileSystemError(`${name} did not end in time.`, {
      hint: 'Check that the disk of the repository answers, then retry the task.',
      retryable: true,
      context,
    });
  }
  if (/\.lock': File exists|cannot lock ref|Unable to create '.*\.lock'/.test(answer.stderr)) {
    return new ConflictError(`${name} found the repository locked by another git process.`, {
      hint: 'Wait until the other git command has ended and try again; remove a stale *.lock file of a git that crashed.',
      retryable: true,
      retryAfterMs: 1000,
      context,
    });
  }
  if (/No space left on device|Disk quota exceeded/.test(answer.stderr)) {
    return new InsufficientResourcesError(`${name} found the disk full.`, {
      hint: 'Free disk space (`claude-orchestrator clean` removes kept worktrees) and retry.',
      context,
    });
  }
  return new FileSystemError(`${name} failed with exit code ${answer.exitCode}.`, {
    hint: "Git's own words are in the server log beside this error; mend the repository and retry the task.",
    context,
  });
};
