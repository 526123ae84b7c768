import { judgeParts, lookupsNeeded } from '../../src/domain/safety/judge.ts';
import { DEFAULT_POLICY } from '../../src/domain/safety/policy/policy.ts';
import { RISKS, type Risk, type Verdict } from '../../src/domain/safety/verdict.ts';
import { hashed } from '../../src/infrastructure/safety/hashed.ts';

const POLICY = hashed(DEFAULT_POLICY);

export const REPOSITORY = '/srv/lanes/repo';

/** Facts of a machine on which nothing is a link and the worker stands in its worktree. */
export const judgeCommand = (command: string, ownFiles: (path: string) => boolean = () => false): Verdict => {
  const call = { tool: 'Bash', input: { command }, fromSubagent: false };
  const { effects, paths } = lookupsNeeded(call, REPOSITORY);
  const facts = {
    cwd: REPOSITORY,
    worktree: REPOSITORY,
    readRoots: [],
    realPaths: new Map(paths.map((path) => [path, path])),
    protectedRoots: [],
    ownFiles,
  };
  return judgeParts(call, facts, POLICY, effects).verdict;
};

/** HIGH and CRITICAL: a person is asked, or it is refused. */
export const isStopped = (risk: Risk): boolean => RISKS.indexOf(risk) >= RISKS.indexOf('HIGH');
