import { DangerousOperationError } from '../../domain/errors/index.ts';

/** A call cannot be asked about: what it names cannot be pinned down. @param name as the call names it. */
export const unhashable = (name: string, why: string): DangerousOperationError =>
  new DangerousOperationError(`it names ${name}, ${why}, so nobody could approve what it would run.`, {
    hint: 'Name regular files that stay as they are until the call has run.',
    context: { path: name },
  });
