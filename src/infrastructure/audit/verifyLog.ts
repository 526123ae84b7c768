import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ApprovedCalls } from '../../application/auditing/approvedCalls.ts';
import type { AuditRow } from '../../application/auditing/chain.ts';
import { walkChain, wrongWithHead } from '../../application/auditing/checkChain.ts';
import type { FoundHead } from '../../application/auditing/head.ts';
import type { AuditReport, Finding } from '../../application/auditing/report.ts';
import { checkAssertion } from './assertion.ts';
import { findHead, HEAD_FILE } from './headFiles.ts';
import { type LogFile, openLogFile } from './logFile.ts';
import { PUBLIC_KEY_FILE } from './signingKey.ts';

export type VerifyOptions = {
  readonly stateDir: string;
  /** The file of the store. */
  readonly database: string;
  /** Further signed heads, kept elsewhere. */
  readonly heads: readonly string[];
  /** A public key that was kept elsewhere, instead of the state directory's own. */
  readonly key: string | undefined;
  readonly approvals: boolean;
};

const publicKeyIn = async (file: string): Promise<KeyObject | undefined> => {
  try {
    const key = createPublicKey(await readFile(file, 'utf8'));
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

const told = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.object({ damage: z.array(z.object({ text: z.string() })) }));

/** What a start of the server found is a finding for ever: later heads are signed for what was left. */
const toldBy = (row: AuditRow): readonly Finding[] => {
  if (row.type !== 'server.started' || !row.detail.includes('"damage"')) return [];
  const texts = told.safeParse(row.detail).data?.damage.map(({ text }) => text) ?? [];
  return texts.map((text) => ({
    kind: 'told',
    seq: row.seq,
    text: `entry ${row.seq}, a start of the server, tells: ${text}`,
  }));
};

/**
 * Checks the log of a state directory against itself and against the signed heads; also while a server writes it.
 * @throws NotFoundError where there is no log.
 */
export const verifyLog = async (o: VerifyOptions): Promise<AuditReport> => {
  const keyFile = o.key ?? path.join(o.stateDir, PUBLIC_KEY_FILE);
  const key = await publicKeyIn(keyFile);
  // Before the log: one that grows meanwhile is no shorter than any head that was read.
  const heads = await Promise.all(
    [path.join(o.stateDir, HEAD_FILE), ...o.heads].map((place) => findHead(place, key)),
  );
  const log = openLogFile(o.database);
  try {
    return await checked(o, log, heads, key === undefined ? keyFile : undefined);
  } finally {
    log.close();
  }
};

const checked = async (
  o: VerifyOptions,
  log: LogFile,
  heads: readonly FoundHead[],
  missingKey: string | undefined,
): Promise<AuditReport> => {
  const good = heads.flatMap((found) => (found.is === 'good' ? [found.head] : []));
  const approved = o.approvals ? new ApprovedCalls(checkAssertion, log.approval) : undefined;
  const notes: Finding[] = [];
  const walked = walkChain(log.rows(0), new Set(good.map(({ seq }) => seq)), (row) => {
    approved?.see(row);
    notes.push(...toldBy(row));
  });
  const approvals = await approved?.all();
  const strangers = approved?.strangers(log.standing()) ?? [];
  const end = walked.tip?.seq ?? 0;
  const findings: Finding[] = [
    ...(walked.finding === undefined ? [] : [walked.finding]),
    ...(missingKey === undefined
      ? []
      : [
          {
            kind: 'head_missing' as const,
            text: `there is no public key at ${missingKey}: no head can be checked.`,
          },
        ]),
    // Behind a break there is no telling what a head was signed for.
    ...heads.flatMap((found) => {
      if (walked.finding !== undefined && found.is === 'good' && found.head.seq > end) return [];
      if (missingKey !== undefined && found.is === 'foreign') return [];
      return wrongWithHead(found, walked.tip, walked.hashes) ?? [];
    }),
    ...(approvals ?? []).flatMap(({ seq, proof, channel, why = '' }): Finding[] => {
      if (proof !== 'refuted') return [];
      const by = channel === 'passkey' ? 'its passkey does' : 'the entries before it do';
      return [{ kind: 'proof', seq, text: `entry ${seq} is an approval that ${by} not prove: ${why}.` }];
    }),
    // Behind a break the log tells nothing any more, and everything were a stranger.
    ...(walked.finding === undefined ? strangers : []).map((text): Finding => ({ kind: 'proof', text })),
    ...(approvals ?? []).flatMap(({ seq, approvalId, call }): Finding[] =>
      call === 'other'
        ? [
            {
              kind: 'proof',
              seq,
              text: `entry ${seq} approves another call than the one that the store holds as ${approvalId}: the digests differ.`,
            },
          ]
        : [],
    ),
    ...notes,
    ...(log.isGuarded()
      ? []
      : [
          { kind: 'unguarded' as const, text: 'the triggers that keep entries from being changed are gone.' },
        ]),
  ];
  return {
    entries: walked.entries,
    hash: walked.tip?.hash,
    unsigned:
      walked.finding === undefined ? Math.max(0, end - Math.max(0, ...good.map(({ seq }) => seq))) : 0,
    heads: heads.map((found) => ({
      place: found.place,
      is: found.is,
      ...(found.is === 'good' ? { seq: found.head.seq, at: found.head.at } : {}),
    })),
    findings,
    ...(approvals === undefined ? {} : { approvals }),
  };
};
