import { z } from 'zod';
import { LIMITS } from '../../domain/limits.ts';

/** Fields that several calls share, in the wire's spelling. */
export const workspaceField = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), { message: 'a path must not hold NUL' })
  .describe('Absolute path of a git repository');

export const maxWorkersField = z.number().int().min(1).max(100);

/** Seconds that a call may wait: below the time-outs of the clients in use. */
export const waitSecondsField = z.number().min(0).max(LIMITS.waitSeconds);

export const reasonField = z.string().max(2000);
