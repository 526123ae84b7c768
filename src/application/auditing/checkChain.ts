import { type AuditRow, type AuditTip, hashOf, NO_HASH } from './chain.ts';
import type { FoundHead } from './head.ts';
import type { Finding } from './report.ts';

/** The chain walked once, and what the heads say about it. */
export type Walked = {
  readonly entries: number;
  readonly tip: AuditTip | undefined;
  /** The first thing that is wrong with the chain itself. */
  readonly finding: Finding | undefined;
};

const wrongIn = (row: AuditRow, seq: number, previous: string): Finding | undefined => {
  if (row.seq !== seq) {
    const gap = row.seq === seq + 1 ? `entry ${seq} is` : `entries ${seq} to ${row.seq - 1} are`;
    return { kind: 'deleted', seq, text: `${gap} missing: the one behind is number ${row.seq}.` };
  }
  const isWhole = hashOf(row) === row.hash;
  if (row.previous === previous) {
    return isWhole
      ? undefined
      : { kind: 'changed', seq, text: `entry ${seq} was changed: its hash is not its own.` };
  }
  return {
    kind: 'misplaced',
    seq,
    text: `entry ${seq} does not follow entry ${seq - 1}: ${isWhole ? 'one of the two was put in, or written anew' : 'entries were put in or moved'}.`,
  };
};

/**
 * Walks all entries, oldest first, up to the first that is wrong. Constant memory.
 * @param wanted numbers of entries whose hashes are asked for: those that heads were signed for.
 * @param onRow sees each entry that is in order.
 */
export const walkChain = (
  rows: Iterable<AuditRow>,
  wanted: ReadonlySet<number>,
  onRow: (row: AuditRow) => void,
): Walked & { readonly hashes: ReadonlyMap<number, string> } => {
  const hashes = new Map<number, string>();
  let seq = 0;
  let previous = NO_HASH;
  const walked = (finding?: Finding) => ({
    entries: seq,
    tip: seq === 0 ? undefined : { seq, hash: previous },
    finding,
    hashes,
  });
  try {
    for (const row of rows) {
      const finding = wrongIn(row, seq + 1, previous);
      if (finding !== undefined) return walked(finding);
      seq += 1;
      previous = row.hash;
      if (wanted.has(seq)) hashes.set(seq, row.hash);
      onRow(row);
    }
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return walked({ kind: 'unreadable', seq: seq + 1, text: `entry ${seq + 1} cannot be read: ${why}.` });
  }
  return walked();
};

/** What a head that was found says against a chain that is in order by itself. */
export const wrongWithHead = (
  found: FoundHead,
  tip: AuditTip | undefined,
  hashes: ReadonlyMap<number, string>,
): Finding | undefined => {
  const { place } = found;
  switch (found.is) {
    case 'missing':
      return {
        kind: 'head_missing',
        text: `there is no signed head at ${place}: how long the log was cannot be told.`,
      };
    case 'broken':
      return { kind: 'head_missing', text: `${place} holds no signed head.` };
    case 'foreign':
      return { kind: 'head_foreign', text: `the head in ${place} is not signed by the key of this log.` };
    case 'good': {
      const { seq, hash, at } = found.head;
      const end = tip?.seq ?? 0;
      if (seq > end) {
        const gone = seq === end + 1 ? `entry ${seq} is` : `entries ${end + 1} to ${seq} are`;
        return {
          kind: 'cut',
          seq: end + 1,
          text: `${gone} missing: the head in ${place}, signed ${at}, had ${seq}. The end was cut off, or an old copy was put back.`,
        };
      }
      if (seq === 0 || hashes.get(seq) === hash) return undefined;
      return {
        kind: 'rewritten',
        seq,
        text: `entry ${seq} is not the one that the head in ${place} was signed for on ${at}: it, or one before, was written anew.`,
      };
    }
  }
};
