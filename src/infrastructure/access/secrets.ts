import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../application/access/ports.ts';

export const nodeSecrets: Secrets = {
  secret: () => randomBytes(32).toString('base64url'),
  id: () => randomBytes(8).toString('hex'),
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  same: (a, b) => {
    const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
    return left.length === right.length && timingSafeEqual(left, right);
  },
};
