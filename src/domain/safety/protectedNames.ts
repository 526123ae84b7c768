/**
 * A name as a file system may take it that ignores letter case, Unicode forms, invisible characters, dots and
 * spaces at the end, or what comes after a colon.
 */
export const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, '')
    .replace(/:.*$/u, '')
    .replace(/[. ]+$/u, (tail) => (tail === name ? tail : ''))
    .toUpperCase()
    .toLowerCase();

const PROTECTED: ReadonlySet<string> = new Set([
  '.git',
  '.claude',
  '.mcp.json',
  '.claude.json',
  // Short names that Windows makes of them.
  'git~1',
  'claude~1',
]);

/**
 * Protected although it may not exist yet: git, the CLI and the orchestrator would take up such a file when it
 * appears.
 * @param path below a worktree.
 */
export const isProtectedName = (path: string): boolean => {
  const parts = path.split('/').map(folded);
  return parts.some(
    (part, at) =>
      PROTECTED.has(part) ||
      (part === '.orchestrator' && (at === parts.length - 1 || /^policy(\.|$)/u.test(parts[at + 1] ?? ''))),
  );
};
