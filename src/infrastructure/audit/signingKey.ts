import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { chmod, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type AuditHead, headText } from '../../application/auditing/head.ts';
import { replaceFile } from '../process/replaceFile.ts';

const KEY_FILE = 'audit-key.pem';
export const PUBLIC_KEY_FILE = 'audit-key.pub.pem';
const GROUP_AND_OTHERS = 0o077;

const absent = z.object({ code: z.literal('ENOENT') });

/** Signs heads, and knows them again. */
export type SigningKey = {
  readonly sign: (head: Pick<AuditHead, 'seq' | 'hash' | 'at'>) => AuditHead;
  readonly publicKey: KeyObject;
  /** True where there was none, or none that could be used, so that it was made now. */
  readonly isNew: boolean;
};

/** @returns SHA-256 of the public key (SPKI) in hex. */
export const fingerprint = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** True where the head was signed by the private half of this key. */
export const isSignedBy = (head: AuditHead, publicKey: KeyObject): boolean =>
  verify(null, Buffer.from(headText(head)), publicKey, Buffer.from(head.signature, 'base64url'));

/**
 * The Ed25519 key of a state directory; made at the first start, for its owner alone, its public half beside it.
 * @throws what the disk refused.
 */
export const openSigningKey = async (stateDir: string): Promise<SigningKey> => {
  const file = path.join(stateDir, KEY_FILE);
  const known = await readKey(file);
  const privateKey = known ?? generateKeyPairSync('ed25519').privateKey;
  const publicKey = createPublicKey(privateKey);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  if (known === undefined) {
    await replaceFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  const publicFile = path.join(stateDir, PUBLIC_KEY_FILE);
  if ((await readFile(publicFile, 'utf8').catch(() => '')) !== pem) await replaceFile(publicFile, pem);
  const key = fingerprint(publicKey);
  return {
    publicKey,
    isNew: known === undefined,
    sign: (head) => ({
      version: 1,
      ...head,
      key,
      signature: sign(null, Buffer.from(headText(head)), privateKey).toString('base64url'),
    }),
  };
};

const readKey = async (file: string): Promise<KeyObject | undefined> => {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch (thrown) {
    if (absent.safeParse(thrown).success) return undefined;
    throw thrown;
  }
  if (process.platform !== 'win32' && (await stat(file)).mode & GROUP_AND_OTHERS) await chmod(file, 0o600);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told as a key that is missing; the file stays, for whoever looks into it.
  }
  await rename(file, `${file}.broken`);
  return undefined;
};
