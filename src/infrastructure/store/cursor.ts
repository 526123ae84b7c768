import { z } from 'zod';
import { TaskValidationError } from '../../domain/errors/index.ts';

/** The last job of a page: pages go by age, and by order of insertion among equals. */
export type Position = { readonly createdAt: number; readonly key: number };

const positionSchema = z.tuple([z.number(), z.number().int()]);

/** @returns base64url, opaque to callers. */
export const encodeCursor = ({ createdAt, key }: Position): string =>
  Buffer.from(JSON.stringify([createdAt, key])).toString('base64url');

/** @throws TaskValidationError where the text is no cursor of ours. */
export const decodeCursor = (cursor: string): Position => {
  try {
    const [createdAt, key] = positionSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { createdAt, key };
  } catch (cause) {
    throw new TaskValidationError('The cursor is not one that this server gave out.', {
      hint: 'Give next_cursor of the answer before, unchanged, or leave cursor out to start at the newest.',
      cause,
    });
  }
};
