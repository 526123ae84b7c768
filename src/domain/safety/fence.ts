import type { PathEffect } from './effect.ts';
import type { ToolFacts } from './facts.ts';
import { isInside, lookups, normalize, parentOf, physical } from './lexicalPath.ts';
import { HOME, isUncertain, knownPrefix } from './markers.ts';
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
/** What holds credentials, by its place: reading one is refused wherever the fence would let it pass. */
const SECRETS =
  /(^|\/)(\.ssh\/(?!known_hosts|config$|[^/]*\.pub$)[^/]+|\.ssh|\.aws(\/.*)?|\.gnupg(\/.*)?|\.netrc|\.pgpass|\.git-credentials|\.kube\/config|\.docker\/config\.json|\.config\/(gh|gcloud|op)(\/.*)?|\.azure(\/.*)?|\.claude(\.json|\/\.credentials\.json)|\.npmrc|\.pypirc|\.vault-token|\.password-store(\/.*)?|\.mozilla(\/.*)?|Library\/Keychains(\/.*)?)$|^\/etc\/(shadow|gshadow|sudoers|ssl\/private|ssh\/ssh_host)|^\/proc\/[^/]+\/(environ|mem|cwd|root|fd|maps|task)(\/|$)/u;

const reason = (code: string, risk: Risk, span: string, text: string): Reason => ({ code, risk, span, text });

/** Letter case, Unicode forms and characters that some file systems ignore must not hide a protected name. */
const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, '')
    .replace(/[. ]+$/u, (tail) => (tail === name ? tail : ''))
    .toLowerCase();

/** Protected although it may not exist yet: the CLI and git would take up such a file when it appears. */
const isProtectedInWorktree = (worktree: string, path: string): boolean =>
  path
    .slice(worktree.length)
    .split('/')
    .some((part) => ['.git', '.claude', '.mcp.json', 'git~1', '.claude.json'].includes(folded(part)));

const inTemporary = (path: string, facts: ToolFacts): boolean =>
  TEMPORARY.some((root) => isInside(root, path)) &&
  !facts.readRoots.some((root) => isInside(root, path)) &&
  // Where worktrees themselves lie in the temporary folder, a neighbour's is no scratch space.
  !(isInside(parentOf(facts.worktree), path) && !TEMPORARY.includes(parentOf(facts.worktree)));

const judgeWrite = (effect: PathEffect, lexical: string, real: string, facts: ToolFacts): Reason => {
  const { span } = effect;
  const name = lexical.startsWith(HOME) ? lexical.slice(2) : lexical.slice(lexical.lastIndexOf('/') + 1);
  if (DEVICES.has(lexical)) return reason('device', 'LOW', span, 'it writes to a harmless device');
  if (isInside('/dev', lexical) || isInside('/proc', lexical) || isInside('/sys', lexical))
    return reason('device-write', 'HIGH', span, 'it writes to a device or a kernel file');
  if (isInside(facts.worktree, real))
    return [real, ...(isInside(facts.worktree, lexical) ? [lexical] : [])].some((path) =>
      isProtectedInWorktree(facts.worktree, path),
    )
      ? reason('protected-path', 'HIGH', span, "it changes git's, Claude's or the MCP configuration")
      : reason('write', 'LOW', span, 'it writes inside the worktree');
  if (PROFILES.test(name))
    return reason('shell-profile', 'HIGH', span, 'it changes a profile that shells or git read');
  if (effect.by === 'shell' && inTemporary(real, facts))
    return reason('temporary-write', 'MEDIUM', span, 'it writes to the temporary folder');
  return reason('outside-write', 'HIGH', span, 'it writes outside the worktree');
};

const judgeRead = (effect: PathEffect, lexical: string, real: string, facts: ToolFacts): Reason => {
  const { span } = effect;
  if (DEVICES.has(lexical)) return reason('read', 'SAFE', span, 'it reads a harmless device');
  const inFence = [facts.worktree, ...facts.readRoots].some((root) => isInside(root, real));
  if (!inFence && (SECRETS.test(lexical) || SECRETS.test(real)))
    return reason('secret-read', 'HIGH', span, 'it reads credentials');
  if (inFence) return reason('read', 'SAFE', span, 'it reads inside the workspace');
  if (effect.by === 'tool') return reason('outside-read', 'HIGH', span, 'it reads outside the workspace');
  return reason('outside-read', 'MEDIUM', span, 'it reads outside the workspace');
};

/**
 * Judges one path by the real places of both sides, compared folder by folder. A write whose place is not
 * known is refused; a shell word known only in part (`"$x"`) counts by its known folder.
 */
export const judgePath = (effect: PathEffect, facts: ToolFacts): Reason => {
  const { span } = effect;
  const known = knownPrefix(effect.path);
  if (known === '') {
    if (effect.access === 'write' && effect.path.includes('..'))
      return reason('outside-write', 'HIGH', span, 'its path may leave the worktree');
    return reason('unknown-path', 'MEDIUM', span, 'its path is known only when it runs');
  }
  const lexical = normalize(known);
  // A home folder is never looked up: no worktree is named through it.
  const real = lexical.startsWith(HOME) ? lexical : physical(known, facts.realPaths);
  if (facts.protectedRoots.some((root) => isInside(root, real ?? lexical) || isInside(root, lexical)))
    return reason('protected-root', 'HIGH', span, "it touches the orchestrator's own state");
  if (real === undefined && !DEVICES.has(lexical)) {
    return effect.access === 'write' || effect.by === 'tool'
      ? reason('unresolved-path', 'HIGH', span, 'where its path leads is not known')
      : reason('unresolved-path', 'MEDIUM', span, 'where its path leads is not known');
  }
  const place = real ?? lexical;
  if (effect.access === 'write' && isUncertain(effect.path) && effect.path.slice(known.length).includes('..'))
    return reason('outside-write', 'HIGH', span, 'its path may leave the worktree');
  return effect.access === 'write'
    ? judgeWrite(effect, lexical, place, facts)
    : judgeRead(effect, lexical, place, facts);
};

/** What an adapter has to look up for this path. */
export const lookupsOf = (effect: PathEffect): readonly string[] => {
  const known = knownPrefix(effect.path);
  return known === '' || known.startsWith(HOME) ? [] : lookups(known);
};
