import { randomBytes } from 'node:crypto';
import type { Ids } from '../../application/ports/system.ts';
import { approvalIdSchema, jobIdSchema, runTokenSchema } from '../../domain/ids.ts';

/** Crockford's base32, lower case: no letter that reads like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 16;

/** 80 random bits; each byte gives five of its bits, so no letter is likelier than another. */
const random = (): string => Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte & 31]).join('');

export const randomIds: Ids = {
  job: () => jobIdSchema.parse(`job_${random()}`),
  approval: () => approvalIdSchema.parse(`apr_${random()}`),
  runToken: () => runTokenSchema.parse(`run_${random()}`),
};
