import { createHash } from 'node:crypto';
import { canonicalJson } from '../../application/canonicalJson.ts';

/** @returns the SHA-256 of the canonical JSON, in hex. */
export const bodyHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');
