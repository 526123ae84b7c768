import type { Readable, Writable } from 'node:stream';

export type Choice<T extends string> = {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
};

/** Asks a person at a terminal to choose one. @returns undefined where the person gave up (Ctrl-C). */
export type ChoicePrompt = <T extends string>(
  question: string,
  choices: readonly Choice<T>[],
  initial: T,
) => Promise<T | undefined>;

/** The list of a terminal: arrows and Enter. */
export const choicePrompt =
  (input: Readable, output: Writable): ChoicePrompt =>
  async <T extends string>(message: string, choices: readonly Choice<T>[], initial: T) => {
    // Loaded late: only a person waits for it.
    const { isCancel, select } = await import('@clack/prompts');
    // A terminal that goes away gives no answer, and none may be waited for.
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    input.once('end', leave);
    try {
      const answer = await select<string>({
        message,
        options: choices.map(({ value, label, hint }) => ({
          value,
          label,
          ...(hint === undefined ? {} : { hint }),
        })),
        initialValue: initial,
        signal: gone.signal,
        input,
        output,
      });
      return isCancel(answer) ? undefined : choices.find(({ value }) => value === answer)?.value;
    } finally {
      input.off('end', leave);
    }
  };
