import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { type AuditHead, auditHeadSchema, type FoundHead } from '../../application/auditing/head.ts';
import { isSignedBy } from './signingKey.ts';

export const HEAD_FILE = 'audit-head.json';
const MAX_BYTES = 4096;

const absent = z.object({ code: z.enum(['ENOENT', 'ENOTDIR']) });

/** @returns `broken` for what is no head, or cannot be read. */
const readHead = async (file: string): Promise<AuditHead | 'missing' | 'broken'> => {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
      return auditHeadSchema.parse(JSON.parse(buffer.toString('utf8', 0, bytesRead)));
    } catch {
      return 'broken';
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return absent.safeParse(thrown).success ? 'missing' : 'broken';
  }
};

/** Reads a signed head; never throws. @param publicKey undefined where there is none to check it by. */
export const findHead = async (place: string, publicKey: KeyObject | undefined): Promise<FoundHead> => {
  const head = await readHead(place);
  if (head === 'missing' || head === 'broken') return { is: head, place };
  if (publicKey === undefined || !isSignedBy(head, publicKey)) return { is: 'foreign', place };
  return { is: 'good', place, head };
};
