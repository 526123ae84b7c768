export type Environment = Readonly<Record<string, string>>;

/**
 * Variables that say who the user is and how the user's git is installed. Every other `GIT_*` variable is
 * dropped: a server started from a git hook inherits `GIT_DIR` and `GIT_INDEX_FILE`, and would write there.
 */
const KEPT =
  /^GIT_(AUTHOR_NAME|AUTHOR_EMAIL|COMMITTER_NAME|COMMITTER_EMAIL|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|EXEC_PATH|SSL_.*|TRACE.*)$/;

/** What every git process gets: C locale, no prompts, pointers in place of LFS files, no pathspec magic. */
const FIXED: Environment = {
  LC_ALL: 'C',
  LANGUAGE: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  // A file may be called ":(top)" or "*": names are names here.
  GIT_LITERAL_PATHSPECS: '1',
};

/** For calls that only read: git then never takes the index lock under a user's or a worker's own git. */
export const READING: Environment = { GIT_OPTIONAL_LOCKS: '0' };

/** @returns the environment of git processes, built from this process's own. */
export const gitEnvironment = (own: Readonly<Record<string, string | undefined>>): Environment => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && (!name.startsWith('GIT_') || KEPT.test(name))) kept[name] = value;
  }
  return { ...kept, ...FIXED };
};

/** Git configuration by environment, which unlike `-c` allows "=" in names. */
export const configByEnvironment = (entries: readonly (readonly [string, string])[]): Environment =>
  Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.flatMap(([key, value], n) => [
      [`GIT_CONFIG_KEY_${n}`, key],
      [`GIT_CONFIG_VALUE_${n}`, value],
    ]),
  ]);
