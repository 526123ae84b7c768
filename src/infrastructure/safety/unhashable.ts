import { DangerousOperationError } from '../../domain/errors/index.ts';

/** A call cannot be asked about: what it names cannot be pinned down. @param name as the call names it. */
export const unhashable = (name: string, why: string): DangerousOperationError =>
  new DangerousOperationError(`it names ${name}, ${why}, so nobody could approve what it would run.`, {
    hint: 'Name regular files that stay as they are until the call has run.',
    context: { path: name },
  });

/** A call cannot be asked about: its text does not tell what it would run. @param why a sentence without its end. */
export const undecided = (why: string): DangerousOperationError =>
  new DangerousOperationError(`${why}, so nobody could approve what it would run.`, {
    hint: 'Write out the program, the file and the folder by their names, each such call by itself.',
  });
