import { ConfigurationError } from '../../domain/errors/index.ts';

/** The text of a client's file is not what that client reads. Whoever knows the file's name puts it in front. */
export class BrokenText extends Error {}

/** @returns the line of an offset, counted from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Runs an edit of a file's text. @throws ConfigurationError that names the file, with nothing changed. */
export const editing = <T>(file: string, edit: () => T): T => {
  try {
    return edit();
  } catch (thrown) {
    if (!(thrown instanceof BrokenText)) throw thrown;
    throw new ConfigurationError(`${file}: ${thrown.message}. Nothing was changed.`, {
      hint: 'Mend the file by hand, then run the command again.',
      cause: thrown,
    });
  }
};
