import { z } from 'zod';
import { approvalSchema } from '../../domain/approval.ts';
import { approvalIdSchema } from '../../domain/ids.ts';
import { digestOf } from '../approving/digest.ts';
import type { AuditRow } from './chain.ts';
import { jsonText } from './jsonText.ts';
import { LoggedCredentials, type StoredCredentials } from './loggedCredentials.ts';
import { type CheckAssertion, LoggedPasskeys } from './loggedPasskeys.ts';
import type { ApprovedCall } from './report.ts';

/** @returns the approval as the store holds it, JSON; undefined where it has none of this id. */
type StoredApproval = (id: string) => string | undefined;

const decided = jsonText.pipe(z.looseObject({ channel: z.string(), digest: z.string() }));
const requested = jsonText.pipe(
  z
    .looseObject({ tool: z.string(), command: z.string().optional(), input: z.string().optional() })
    .transform(({ tool, command, input }) => `${tool} ${command ?? input ?? ''}`.trim()),
);
const used = jsonText.pipe(z.looseObject({ digest: z.string(), decision: z.string() }));
const kept = jsonText.pipe(approvalSchema);

/**
 * Gathers who approved what from the entries of a log, in their order, and checks what a passkey signed: the
 * challenge is computed anew from the approval's id and digest, and the key must be the one that was enrolled under
 * this id in this very log, and not removed since. The digest is computed anew, too, from the call that the store
 * holds, where it still does.
 */
export class ApprovedCalls {
  readonly #checks: (() => Promise<ApprovedCall>)[] = [];
  readonly #asked = new Map<string, string>();
  readonly #decided = new Set<string>();
  readonly #credentials = new LoggedCredentials();
  readonly #passkeys: LoggedPasskeys;
  readonly #stored: StoredApproval;

  constructor(check: CheckAssertion, stored: StoredApproval) {
    this.#passkeys = new LoggedPasskeys(check);
    this.#stored = stored;
  }

  see(row: AuditRow): void {
    this.#credentials.see(row);
    this.#passkeys.see(row);
    if (row.type === 'approval.requested') this.#request(row);
    else if (row.type === 'approval.approved') this.#approved(row);
    else if (row.type === 'approval.used') this.#used(row);
  }

  /** What the store holds that this log does not tell of, a sentence each. */
  strangers(stored: StoredCredentials & { readonly approved: readonly string[] }): readonly string[] {
    return [
      ...this.#credentials.strangers(stored),
      ...stored.approved.flatMap((id) =>
        this.#decided.has(id)
          ? []
          : [`the store holds ${id} as approved, and no entry tells that anybody approved it.`],
      ),
    ];
  }

  async all(): Promise<readonly ApprovedCall[]> {
    const calls: ApprovedCall[] = [];
    for (const check of this.#checks) calls.push(await check());
    return calls;
  }

  #request({ approval_id: id, detail }: AuditRow): void {
    const what = requested.safeParse(detail).data;
    if (id !== null && what !== undefined) this.#asked.set(id, what);
  }

  #approved(row: AuditRow): void {
    const { data } = decided.safeParse(row.detail);
    const call = {
      ...this.#callOf(row, data?.digest ?? ''),
      by: row.actor,
      channel: data?.channel ?? 'unknown',
    };
    this.#decided.add(call.approvalId);
    if (call.channel !== 'passkey') {
      const why = this.#credentials.wrongApproval(row, call.channel);
      this.#checks.push(async () =>
        why === undefined ? { ...call, proof: 'word' } : { ...call, proof: 'refuted', why },
      );
      return;
    }
    const approvalId = approvalIdSchema.safeParse(call.approvalId).data;
    const { passkey, wrong } = this.#passkeys.signature(row.detail, { approvalId, digest: call.digest });
    this.#checks.push(async () => {
      const why = await wrong();
      const named = passkey === undefined ? {} : { passkey };
      return { ...call, ...named, ...(why === undefined ? { proof: 'proven' } : { proof: 'refuted', why }) };
    });
  }

  /** A call that ran on an approval of which the log knows nothing: the store was made to say so. */
  #used(row: AuditRow): void {
    const { data } = used.safeParse(row.detail);
    if (data?.decision !== 'approve' || this.#decided.has(row.approval_id ?? '')) return;
    const call = this.#callOf(row, data.digest);
    this.#checks.push(async () => ({
      ...call,
      by: 'nobody',
      channel: 'none',
      proof: 'refuted',
      why: 'its call ran, and no entry tells that anybody approved it',
    }));
  }

  #callOf({ seq, at, approval_id }: AuditRow, digest: string) {
    const approvalId = approval_id ?? '';
    const what = this.#asked.get(approvalId);
    return {
      seq,
      at,
      approvalId,
      digest,
      ...(what === undefined ? {} : { what }),
      call: sameCall(this.#stored(approvalId), digest),
    };
  }
}

const sameCall = (state: string | undefined, digest: string): ApprovedCall['call'] => {
  if (state === undefined) return 'gone';
  const { data } = kept.safeParse(state);
  return data !== undefined && digestOf(data) === digest ? 'same' : 'other';
};
