import type { PathEffect } from './effect.ts';
import type { ToolFacts } from './facts.ts';
import { isInside, lookups, normalize, parentOf, physical } from './lexicalPath.ts';
import { DYNAMIC, GLOB, HOME, isDynamic, isUncertain, knownPrefix } from './markers.ts';
import { speaksForPerson } from './ownProgram.ts';
import { folded, isProtectedName } from './protectedNames.ts';
import { mayReach } from './reach.ts';
import { isKernelDoor, isSecret, isSecretAnywhere } from './secretPlaces.ts';
import type { Reason, Risk } from './verdict.ts';

const TEMPORARY = [
  '/tmp',
  '/var/tmp',
  '/private/tmp',
  '/private/var/tmp',
  '/var/folders',
  '/private/var/folders',
];
const DEVICES = new Set([
  '/dev/null',
  '/dev/stdout',
  '/dev/stderr',
  '/dev/stdin',
  '/dev/tty',
  '/dev/zero',
  '/dev/random',
  '/dev/urandom',
  '/dev/fd/0',
  '/dev/fd/1',
  '/dev/fd/2',
]);
const PROFILES =
  /^\.(bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|gitconfig|inputrc|config\/fish.*)$/u;
/** A drive, a share, a device of another system: no path here, and no name that an honest call has. */
const FOREIGN = /^[A-Za-z]:[\\/]|^\\\\|\\\\\?\\|(^|[\\/])\.\.\\/u;

const reason = (code: string, risk: Risk, span: string, text: string): Reason => ({ code, risk, span, text });

const isProtectedInWorktree = (worktree: string, path: string): boolean =>
  isProtectedName(path.slice(worktree.length));

const inTemporary = (path: string, facts: ToolFacts): boolean =>
  TEMPORARY.some((root) => isInside(root, path)) &&
  !facts.readRoots.some((root) => isInside(root, path)) &&
  // Where worktrees themselves lie in the temporary folder, a neighbour's is no scratch space.
  !(isInside(parentOf(facts.worktree), path) && !TEMPORARY.includes(parentOf(facts.worktree)));

/** Where the shells, git and the CLI of this user read their profiles. */
const isProfile = (lexical: string, real: string, facts: ToolFacts): boolean =>
  lexical.startsWith(HOME)
    ? PROFILES.test(lexical.slice(2))
    : [lexical, real].some(
        (path) =>
          (!isInside(facts.worktree, path) && PROFILES.test(path.slice(path.lastIndexOf('/') + 1))) ||
          (facts.home !== undefined &&
            isInside(facts.home, path) &&
            PROFILES.test(path.slice(facts.home.length + 1))),
      );

const judgeWrite = (effect: PathEffect, lexical: string, real: string, facts: ToolFacts): Reason => {
  const { span } = effect;
  if (DEVICES.has(lexical)) return reason('device', 'LOW', span, 'it writes to a harmless device');
  if (isInside('/dev', lexical) || isInside('/proc', lexical) || isInside('/sys', lexical))
    return reason('device-write', 'HIGH', span, 'it writes to a device or a kernel file');
  if (isProfile(lexical, real, facts))
    return reason('shell-profile', 'HIGH', span, 'it changes a profile that shells or git read');
  if (isInside(facts.worktree, real))
    return [real, ...(isInside(facts.worktree, lexical) ? [lexical] : [])].some((path) =>
      isProtectedInWorktree(facts.worktree, path),
    )
      ? reason(
          'protected-path',
          'HIGH',
          span,
          "it changes git's, Claude's, MCP's or the policy's configuration",
        )
      : reason('write', 'LOW', span, 'it writes inside the worktree');
  if (effect.by === 'shell' && inTemporary(real, facts))
    return reason('temporary-write', 'MEDIUM', span, 'it writes to the temporary folder');
  return reason('outside-write', 'HIGH', span, 'it writes outside the worktree');
};

/** The orchestrator's program under whatever name: who starts it speaks as the person. */
const judgeRun = ({ span, argv, path }: PathEffect, facts: ToolFacts): Reason =>
  facts.ownProgram?.(path) === true && speaksForPerson(argv ?? [])
    ? reason('own-commands', 'CRITICAL', span, "it runs the orchestrator's own commands")
    : reason('read', 'SAFE', span, 'it starts a file');

/** git starts what the configuration of a repository names. Those of the task and of the user are known. */
const judgeGitFolder = ({ span }: PathEffect, lexical: string, real: string, facts: ToolFacts): Reason => {
  const written =
    (isInside(facts.worktree, real) && !isProtectedInWorktree(facts.worktree, real)) ||
    (isInside(facts.worktree, lexical) && !isProtectedInWorktree(facts.worktree, lexical)) ||
    inTemporary(real, facts);
  if (written)
    return reason('git-config', 'HIGH', span, 'it makes git follow a configuration that a worker can write');
  return [facts.worktree, ...facts.readRoots].some((root) => isInside(root, real))
    ? reason('read', 'SAFE', span, 'it reads inside the workspace')
    : reason('outside-read', 'MEDIUM', span, 'it reads outside the workspace');
};

const judgeRead = (
  effect: PathEffect,
  lexical: string,
  real: string,
  wholes: readonly string[],
  facts: ToolFacts,
): Reason => {
  const { span } = effect;
  if (effect.use === 'git-dir') return judgeGitFolder(effect, lexical, real, facts);
  if (DEVICES.has(lexical)) return reason('read', 'SAFE', span, 'it reads a harmless device');
  if (wholes.some(isKernelDoor))
    return reason('secret-read', 'HIGH', span, "it reads through a process's own files");
  const inFence = [facts.worktree, ...facts.readRoots].some((root) => isInside(root, real));
  const tree = effect.use === 'tree';
  if (!inFence && wholes.some((whole) => isSecret(whole, tree, facts.home)))
    return reason(
      'secret-read',
      'HIGH',
      span,
      tree ? 'it reads credentials, or all of a folder that holds some' : 'it reads credentials',
    );
  if (inFence) return reason('read', 'SAFE', span, 'it reads inside the workspace');
  if (effect.by === 'tool') return reason('outside-read', 'HIGH', span, 'it reads outside the workspace');
  return reason('outside-read', 'MEDIUM', span, 'it reads outside the workspace');
};

/**
 * The one path that stands for a deletion: patterns keep their wildcards. Undefined where a part is known only
 * when it runs, or where a pattern may climb.
 */
export const deletedPath = (effect: PathEffect): string | undefined => {
  const goes = effect.access === 'delete' || effect.to !== undefined;
  if (!goes || effect.path.includes(DYNAMIC) || effect.path.startsWith(HOME)) return undefined;
  return effect.path.split('/').includes('..') ? undefined : effect.path.replaceAll(GLOB, '*');
};

const judgeDelete = (effect: PathEffect, lexical: string, real: string, facts: ToolFacts): Reason => {
  const { span } = effect;
  if (
    DEVICES.has(lexical) ||
    isInside('/dev', lexical) ||
    isInside('/proc', lexical) ||
    isInside('/sys', lexical)
  )
    return reason('device-write', 'HIGH', span, 'it deletes a device or a kernel file');
  const path = deletedPath(effect);
  const inside = [lexical, real].every((one) => isInside(facts.worktree, one));
  if (inside && [lexical, real].some((one) => isProtectedInWorktree(facts.worktree, one)))
    return reason(
      'protected-path',
      'HIGH',
      span,
      "it deletes git's, Claude's, MCP's or the policy's configuration",
    );
  // Both sides: where a link stands, and where it leads.
  if (
    inside &&
    (real !== facts.worktree || isUncertain(effect.path)) &&
    path !== undefined &&
    facts.ownFiles?.(path) === true
  )
    return reason(
      'delete-own',
      'MEDIUM',
      span,
      'it deletes what git does not track and the task did not begin with',
    );
  return reason(
    'delete',
    'HIGH',
    span,
    inside ? 'it deletes files' : 'it deletes files outside the worktree',
  );
};

const isOwnState = (path: string, roots: readonly string[]): boolean =>
  roots.some((root) => isInside(root, path) || isInside(folds(root), folds(path)));

const folds = (path: string): string => path.split('/').map(folded).join('/');

/** True for a pattern that may mean a protected place, and for a folder with all that lies in it where one does. */
const reachesOwnState = (
  effect: PathEffect,
  wholes: readonly string[],
  inWorktree: boolean,
  roots: readonly string[],
): boolean => {
  const tree = effect.use === 'tree';
  if (effect.access === 'delete' || (tree ? inWorktree : !isUncertain(effect.path))) return false;
  // Whoever writes a pattern as deep as that means what lies there, shown or hidden.
  const reach = { tree, hidden: !tree && !inWorktree };
  return roots.some((root) => wholes.some((whole) => mayReach(folds(whole), folds(root), reach)));
};

/** True for a deletion that takes a protected place with it: a folder that it lies in, or all that is in one. */
const takesOwnState = (effect: PathEffect, place: string, roots: readonly string[]): boolean => {
  if (effect.access !== 'delete') return false;
  const within = roots.filter((root) => isInside(folds(place), folds(root)));
  if (!isUncertain(effect.path)) return within.length > 0;
  if (effect.path.slice(knownPrefix(effect.path).length) !== GLOB) return false;
  // A shell's `*` passes over names with a dot.
  return within.some((root) => !root.slice(place === '/' ? 1 : place.length + 1).startsWith('.'));
};

/** True for a move out of the worktree: what git has is missing there afterwards. */
const leaves = ({ to }: PathEffect, place: string, facts: ToolFacts): boolean => {
  if (to === undefined || isDynamic(to.slice(0, 1)) || !isInside(facts.worktree, place)) return false;
  const known = knownPrefix(to);
  const target = known.startsWith(HOME) ? known : (physical(known, facts.realPaths) ?? normalize(known));
  return !isInside(facts.worktree, normalize(target));
};

/** What is known of the path, home written out. */
const knownPart = (effect: PathEffect, facts: ToolFacts): string => knownPrefix(withHome(effect.path, facts));

const withHome = (path: string, facts: ToolFacts): string =>
  path.startsWith(HOME) && facts.home !== undefined && /^\u0001(\/|$)/u.test(path)
    ? `${facts.home}${path.slice(HOME.length)}`
    : path;

/**
 * Judges one path by the real places of both sides, compared folder by folder. A write whose place is not
 * known is refused; a shell word known only in part (`"$x"`) counts by its known folder.
 */
export const judgePath = (effect: PathEffect, facts: ToolFacts): Reason => {
  const { span } = effect;
  if (effect.by === 'tool' && FOREIGN.test(effect.span))
    return reason('unresolved-path', 'HIGH', span, 'it names its file in the form of another system');
  const known = knownPrefix(effect.path);
  const changes = effect.access !== 'read';
  if (effect.use === 'run') return judgeRun(effect, facts);
  if (known === '') {
    if (isSecretAnywhere(effect.path)) return reason('secret-read', 'HIGH', span, 'it reads credentials');
    if (effect.use === 'git-dir')
      return reason('git-config', 'HIGH', span, 'whose configuration git follows is known only when it runs');
    if (effect.access === 'delete')
      return reason('delete', 'HIGH', span, 'it deletes files that are known only when it runs');
    if (changes && effect.path.includes('..'))
      return reason('outside-write', 'HIGH', span, 'its path may leave the worktree');
    return reason('unknown-path', 'MEDIUM', span, 'its path is known only when it runs');
  }
  const lexical = normalize(known);
  // A home folder is never looked up: no worktree is named through it.
  const real = lexical.startsWith(HOME) ? lexical : physical(known, facts.realPaths);
  const places = [normalize(knownPart(effect, facts)), real ?? lexical, lexical];
  if (places.some((place) => isOwnState(place, facts.protectedRoots)))
    return reason('own-state', 'CRITICAL', span, "it touches the orchestrator's own state");
  // With what the known part is followed by: patterns, and words that are known only when it runs.
  const rest = isUncertain(effect.path) ? effect.path.slice(known.length) : '';
  const wholes = [...new Set(places.map((place) => (rest === '' ? place : normalize(`${place}/${rest}`))))];
  if (reachesOwnState(effect, wholes, isInside(facts.worktree, real ?? lexical), facts.protectedRoots))
    return reason('own-state', 'CRITICAL', span, "it may take the orchestrator's own state with it");
  if (places.some((place) => takesOwnState(effect, place, facts.protectedRoots)))
    return reason(
      'own-state',
      'CRITICAL',
      span,
      "it deletes a folder that holds the orchestrator's own state",
    );
  if (real === undefined && !DEVICES.has(lexical)) {
    if (effect.access === 'delete')
      return reason('delete', 'HIGH', span, 'it deletes files, and where its path leads is not known');
    return changes || effect.by === 'tool'
      ? reason('unresolved-path', 'HIGH', span, 'where its path leads is not known')
      : reason('unresolved-path', 'MEDIUM', span, 'where its path leads is not known');
  }
  const place = real ?? lexical;
  if (leaves(effect, place, facts)) return judgeDelete(effect, lexical, place, facts);
  if (effect.access === 'delete') return judgeDelete(effect, lexical, place, facts);
  if (changes && isUncertain(effect.path) && effect.path.slice(known.length).includes('..'))
    return reason('outside-write', 'HIGH', span, 'its path may leave the worktree');
  return changes
    ? judgeWrite(effect, lexical, place, facts)
    : judgeRead(effect, lexical, place, wholes, facts);
};

/** What an adapter has to look up for this path. */
export const lookupsOf = (effect: PathEffect): readonly string[] =>
  [effect.path, ...(effect.to === undefined ? [] : [effect.to])].flatMap((path) => {
    const known = knownPrefix(path);
    return known === '' || known.startsWith(HOME) ? [] : lookups(known);
  });
