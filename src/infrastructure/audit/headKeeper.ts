import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuditTip } from '../../application/auditing/chain.ts';
import type { AuditHead, AuditHeads } from '../../application/auditing/head.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';
import { replaceFile } from '../process/replaceFile.ts';
import { findHead, HEAD_FILE } from './headFiles.ts';
import { openSigningKey } from './signingKey.ts';

export type HeadKeeperOptions = {
  readonly stateDir: string;
  /** A second file for the head; undefined where none is set. */
  readonly copy: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * Keeps the signed head of the log. While one is being written, only the newest of those to come is remembered.
 * A place that cannot be written is told once, and tried again with the next head.
 */
export const openHeads = async ({
  stateDir,
  copy,
  clock,
  logger,
}: HeadKeeperOptions): Promise<AuditHeads> => {
  const key = await openSigningKey(stateDir);
  const places = [path.join(stateDir, HEAD_FILE), ...(copy === undefined ? [] : [copy])];
  const found = await Promise.all(places.map((place) => findHead(place, key.publicKey)));
  const failing = new Map<string, string>();
  let next: AuditTip | undefined;
  let writing: Promise<void> | undefined;

  const put = async (place: string, head: AuditHead): Promise<void> => {
    try {
      await replaceFile(place, `${JSON.stringify(head)}\n`);
      if (failing.delete(place))
        logger.info('SYSTEM', 'the head of the audit log is written again', { place });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!failing.has(place))
        logger.error('SYSTEM', 'the head of the audit log could not be written', { place, error });
      failing.set(place, error.message);
    }
  };
  const writeAll = async (): Promise<void> => {
    for (let tip = next; tip !== undefined; tip = next) {
      next = undefined;
      const head = key.sign({ ...tip, at: new Date(clock.now()).toISOString() });
      await Promise.all(places.map((place) => put(place, head)));
    }
    writing = undefined;
  };

  return {
    found,
    keyIsNew: key.isNew,
    changed: (tip) => {
      next = tip;
      writing ??= writeAll();
    },
    keepFound: async () => {
      const stamp = new Date(clock.now()).toISOString().replaceAll(/[^0-9]/g, '');
      for (const { is, place } of found) {
        if (is === 'missing') continue;
        await copyFile(place, `${place}.found-${stamp}`).catch((error: unknown) =>
          logger.error('SYSTEM', 'the head that was found could not be kept', {
            place,
            message: error instanceof Error ? error.message : String(error),
          }),
        );
      }
    },
    problems: () =>
      [...failing].map(
        ([place, message]) => `The signed head of the audit log cannot be written to ${place}: ${message}.`,
      ),
    flush: async () => writing,
  };
};
