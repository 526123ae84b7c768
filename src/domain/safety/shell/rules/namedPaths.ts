/**
 * Paths outside that a program is given whose options no rule knows: words that can only be one, alone or as the
 * value of an option (`--x=/path`, `@/path`).
 */
export const namedPaths = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg) => /^(?:--?[\w-]+=|@)?((?:\/|\u0001\/)[^\s:,;]+)$/u.exec(arg)?.[1] ?? []);
