import type { Finding } from '../rule.ts';

/** What a git command does: `reads` (files, if any), or findings on top of an ordinary command. */
export type GitRule = (
  args: readonly string[],
) => 'reads' | { readonly reads: readonly Finding[] } | readonly Finding[];
