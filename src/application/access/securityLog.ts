import { z } from 'zod';
import type { AuditType } from '../../domain/audit.ts';
import type { AuditFeed } from '../auditing/feed.ts';
import type { LogFields, Logger } from '../ports/logger.ts';

/** What happened to credentials, for whoever looks later. Fields hold names and ids, never a secret. */
export type SecurityLog = {
  readonly done: (message: string, fields?: LogFields) => void;
  readonly refused: (message: string, fields?: LogFields) => void;
};

/** What of it is audited, by its message; a role that was refused is, as the answer to its request. */
const AUDITED: ReadonlyMap<string, AuditType> = new Map([
  ['key created', 'key.created'],
  ['key rotated', 'key.rotated'],
  ['key revoked', 'key.revoked'],
  ['link made', 'link.made'],
  ['login accepted', 'login.accepted'],
  ['login refused', 'login.refused'],
  ['passphrase refused', 'login.refused'],
  ['passkey added', 'passkey.added'],
  ['passkey removed', 'passkey.removed'],
  ['passkey refused', 'passkey.refused'],
]);

/** The member of the fields that says who did it. */
const actorSchema = z.object({ by: z.string().optional(), principal: z.string().optional() });

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const detailOf = (fields: LogFields): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[snake(name), value]]
        : [],
    ),
  );

/** @param feed gets what is to be kept for ever; refusals as often as a person can read them. */
export const securityLog = (logger: Logger, feed: AuditFeed): SecurityLog => {
  const entryOf = (message: string, fields: LogFields) => {
    const type = AUDITED.get(message);
    if (type === undefined) return undefined;
    const { by, principal } = actorSchema.parse(fields);
    return { type, actor: by ?? principal ?? 'unknown', detail: detailOf(fields) };
  };
  return {
    done: (message, fields = {}) => {
      logger.info('SECURITY', message, fields);
      const entry = entryOf(message, fields);
      if (entry !== undefined) feed.tell(entry);
    },
    refused: (message, fields = {}) => {
      logger.warning('SECURITY', message, fields);
      const entry = entryOf(message, fields);
      if (entry !== undefined) feed.tellSome(entry.type, entry);
    },
  };
};
