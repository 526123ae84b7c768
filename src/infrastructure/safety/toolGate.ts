import { realpath } from 'node:fs/promises';
import type { ToolGate } from '../../application/ports/gate.ts';
import { DangerousOperationError } from '../../domain/errors/index.ts';
import type { ToolFacts } from '../../domain/safety/facts.ts';
import { type Judgement, judgeParts, type Lookups } from '../../domain/safety/judge.ts';
import { DEFAULT_POLICY, type Policy } from '../../domain/safety/policy/policy.ts';
import type { ToolCall } from '../../domain/safety/verdict.ts';
import { type GitPlace, gitPlace, taskBase } from './git.ts';
import { hashed } from './hashed.ts';
import { ownOf } from './ownFiles.ts';
import { ownPrograms } from './ownProgram.ts';
import { realPlace, rememberedLinks } from './realPlace.ts';
import { repositoryPolicies } from './repositoryPolicy.ts';
import { lookUpScripts } from './scripts.ts';

export type ToolGateOptions = {
  /** Absolute paths that no worker may touch: the state directory, the files of the configuration. */
  readonly protectedRoots: readonly string[];
  /** The policy of this machine as it is now; the built-in one without it. */
  readonly policy?: () => Policy;
  /** The home folder of the workers. */
  readonly home?: string;
  /** Hears what of a repository's own policy is not followed. */
  readonly onWarning?: (text: string) => void;
  /** Also in a checkout that is no task's: what git does not know there counts as made by whoever is judged. */
  readonly ownByHead?: boolean;
};

export type Fence = Parameters<ToolGate['judge']>[1];

export type Explained = Judgement & { readonly policy: Policy };

/** The gate, and the same with the parts that led to a verdict. */
export type ExplainingGate = ToolGate & {
  readonly explain: (call: ToolCall, fence: Fence) => Promise<Explained>;
  /** For many calls at once in one place: what they share is looked up once, and holds for all of them. */
  readonly batch: (fence: Fence) => Promise<(call: ToolCall) => Promise<Explained>>;
};

/** Looks up what a call names, at each call anew, and has it judged by the policy of machine and repository. */
export const createToolGate = (o: ToolGateOptions): ExplainingGate => {
  const builtIn = hashed(DEFAULT_POLICY);
  const repositories = repositoryPolicies(o.onWarning ?? (() => undefined));
  const homes = o.home === undefined ? undefined : realPlace(o.home);
  // By both names: a root may itself be named through a link.
  const roots = Promise.all(o.protectedRoots.map(async (root) => [root, await realPlace(root)])).then(
    (all) => [...new Set(all.flat())],
  );
  const withGit = new Set<string>();

  /** A worktree that had git's data has them always: without them neither its base nor its policy can be known. */
  const placeOf = async (worktree: string): Promise<GitPlace | undefined> => {
    const place = await gitPlace(worktree);
    if (place !== undefined) withGit.add(worktree);
    else if (withGit.has(worktree))
      throw new DangerousOperationError(
        'The worktree has lost its link to git: nothing more is done in it.',
        {
          hint: 'Retry the task: it gets a new worktree.',
        },
      );
    return place;
  };

  /** What is the same for all calls in one place. */
  const groundOf = async (fence: Fence) => {
    const place = await placeOf(fence.worktree);
    const begun = place === undefined ? undefined : await taskBase(place);
    const machine = o.policy?.() ?? builtIn;
    const policy = await repositories.over(machine, fence.worktree, place, begun);
    const [listed, protectedRoots, home] = await Promise.all([
      Promise.all(policy.readRoots.map((root) => realpath(root).catch(() => root))),
      roots,
      homes,
    ]);
    return {
      place,
      base: begun ?? (place !== undefined && o.ownByHead === true ? 'HEAD' : undefined),
      policy,
      facts: {
        ...fence,
        readRoots: [...fence.readRoots, ...listed],
        protectedRoots,
        ...(home === undefined ? {} : { home }),
      },
    };
  };

  const batch: ExplainingGate['batch'] = async (fence) => {
    const { place, base, policy, facts } = await groundOf(fence);
    const links = rememberedLinks();
    return async (call) => {
      const { scripts, needed } = await lookUpScripts(call, fence.cwd);
      const [paths, own, programs] = await Promise.all([
        Promise.all(needed.paths.map(async (name) => [name, await realPlace(name, links)] as const)),
        ownFiles(place, base, needed),
        ownPrograms(needed.programs, links),
      ]);
      const whole: ToolFacts = {
        ...facts,
        realPaths: new Map(paths),
        scripts,
        ownFiles: (path) => own.has(path),
        ownProgram: (path) => programs.has(path),
      };
      return { ...judgeParts(call, whole, policy, needed.effects), policy };
    };
  };
  const explain: ExplainingGate['explain'] = async (call, fence) => (await batch(fence))(call);

  return { explain, batch, judge: async (call, fence) => (await explain(call, fence)).verdict };
};

const ownFiles = (
  place: GitPlace | undefined,
  base: string | undefined,
  { deletes }: Lookups,
): ReadonlySet<string> | Promise<ReadonlySet<string>> =>
  place === undefined || base === undefined || deletes.length === 0 ? new Set() : ownOf(place, base, deletes);
