import type { Readable, Writable } from 'node:stream';

/** Asks a person at a terminal for what must not be seen. */
export type SecretPrompts = {
  /**
   * @param problem what is wrong with an answer, in a sentence: it is then asked again.
   * @returns undefined where the person gave up (Ctrl-C).
   */
  readonly secret: (
    question: string,
    problem?: (answer: string) => string | undefined,
  ) => Promise<string | undefined>;
};

type Terminal<Stream> = Stream & { readonly isTTY?: boolean };

/**
 * The prompts of a terminal, in which nothing that is typed shows, not even its length. They take nothing from
 * flags, variables or pipes: what a program can put there proves no person.
 * @returns undefined where there is no terminal on both sides.
 */
export const secretPrompts = (
  input: Terminal<Readable>,
  output: Terminal<Writable>,
): (() => Promise<SecretPrompts>) | undefined => {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return async () => {
    // Loaded late: only a person waits for it.
    const { isCancel, password } = await import('@clack/prompts');
    return {
      secret: async (message, problem) => {
        // A terminal that goes away gives no answer, and none may be waited for.
        const gone = new AbortController();
        const leave = (): void => gone.abort();
        input.once('end', leave);
        try {
          const answer = await password({
            message,
            mask: '',
            clearOnError: true,
            validate: (typed) => problem?.(typed ?? ''),
            signal: gone.signal,
            input,
            output,
          });
          return isCancel(answer) ? undefined : answer;
        } finally {
          input.off('end', leave);
        }
      },
    };
  };
};
