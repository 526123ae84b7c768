import { z } from 'zod';
import { approvalSchema } from '../../domain/approval.ts';
import { approvalIdSchema } from '../../domain/ids.ts';
import { challengeOf, digestOf } from '../approving/digest.ts';
import type { AuditRow } from './chain.ts';
import type { ApprovedCall } from './report.ts';

/** What a passkey signed, all base64url. */
export type Assertion = {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly clientDataJson: string;
  readonly authenticatorData: string;
  readonly signature: string;
};

/** @returns the approval as the store holds it, JSON; undefined where it has none of this id. */
type StoredApproval = (id: string) => string | undefined;

/** @returns why the signature over the challenge is not good; undefined where it is. */
export type CheckAssertion = (assertion: Assertion, challenge: string) => Promise<string | undefined>;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});
const decided = json.pipe(z.looseObject({ channel: z.string(), digest: z.string() }));
const signed = json.pipe(
  z
    .object({
      credential_id: z.string(),
      public_key: z.string(),
      client_data_json: z.string(),
      authenticator_data: z.string(),
      signature: z.string(),
    })
    .transform(
      (part): Assertion => ({
        credentialId: part.credential_id,
        publicKey: part.public_key,
        clientDataJson: part.client_data_json,
        authenticatorData: part.authenticator_data,
        signature: part.signature,
      }),
    ),
);
const enrolled = json.pipe(
  z.object({ passkey_id: z.string(), label: z.string(), public_key: z.string().optional() }),
);
const requested = json.pipe(
  z
    .looseObject({ tool: z.string(), command: z.string().optional(), input: z.string().optional() })
    .transform(({ tool, command, input }) => `${tool} ${command ?? input ?? ''}`.trim()),
);
const removed = json.pipe(z.object({ passkey_id: z.string() }));

type Enrolled = { readonly label: string; readonly publicKey: string | undefined };

/**
 * Gathers who approved what from the entries of a log, in their order, and checks what a passkey signed: the
 * challenge is computed anew from the approval's id and digest, and the key must be the one that was enrolled under
 * this id in this very log, and not removed since. The digest is computed anew, too, from the call that the store
 * holds, where it still does.
 */
export class ApprovedCalls {
  readonly #passkeys = new Map<string, Enrolled>();
  readonly #gone = new Set<string>();
  readonly #checks: (() => Promise<ApprovedCall>)[] = [];
  readonly #asked = new Map<string, string>();
  readonly #check: CheckAssertion;
  readonly #stored: StoredApproval;

  constructor(check: CheckAssertion, stored: StoredApproval) {
    this.#check = check;
    this.#stored = stored;
  }

  see(row: AuditRow): void {
    if (row.type === 'passkey.added') this.#enrol(row.detail);
    else if (row.type === 'passkey.removed') this.#remove(row.detail);
    else if (row.type === 'approval.requested') this.#request(row);
    else if (row.type === 'approval.approved') this.#approved(row);
  }

  async all(): Promise<readonly ApprovedCall[]> {
    const calls: ApprovedCall[] = [];
    for (const check of this.#checks) calls.push(await check());
    return calls;
  }

  #enrol(detail: string): void {
    const { data } = enrolled.safeParse(detail);
    if (data === undefined) return;
    this.#passkeys.set(data.passkey_id, { label: data.label, publicKey: data.public_key });
    this.#gone.delete(data.passkey_id);
  }

  #remove(detail: string): void {
    const { data } = removed.safeParse(detail);
    if (data !== undefined) this.#gone.add(data.passkey_id);
  }

  #request({ approval_id: id, detail }: AuditRow): void {
    const what = requested.safeParse(detail).data;
    if (id !== null && what !== undefined) this.#asked.set(id, what);
  }

  #approved(row: AuditRow): void {
    const { data } = decided.safeParse(row.detail);
    const approvalId = row.approval_id ?? '';
    const digest = data?.digest ?? '';
    const what = this.#asked.get(approvalId);
    const call = {
      seq: row.seq,
      at: row.at,
      approvalId,
      by: row.actor,
      channel: data?.channel ?? 'unknown',
      digest,
      ...(what === undefined ? {} : { what }),
      call: sameCall(this.#stored(approvalId), digest),
    };
    if (call.channel !== 'passkey') {
      this.#checks.push(async () => ({ ...call, proof: 'word' }));
      return;
    }
    const assertion = signed.safeParse(row.detail).data;
    const key = assertion && this.#passkeys.get(assertion.credentialId);
    const isGone = assertion !== undefined && this.#gone.has(assertion.credentialId);
    this.#checks.push(async () => {
      const why = await this.#wrong(call, assertion, key, isGone);
      const named = key === undefined ? {} : { passkey: key.label };
      return { ...call, ...named, ...(why === undefined ? { proof: 'proven' } : { proof: 'refuted', why }) };
    });
  }

  async #wrong(
    { approvalId, digest }: Pick<ApprovedCall, 'approvalId' | 'digest'>,
    assertion: Assertion | undefined,
    key: Enrolled | undefined,
    isGone: boolean,
  ): Promise<string | undefined> {
    const id = approvalIdSchema.safeParse(approvalId).data;
    if (assertion === undefined || id === undefined) return 'the entry holds no whole signature';
    if (isGone) return 'the passkey had been removed before';
    if (key?.publicKey !== undefined && key.publicKey !== assertion.publicKey)
      return 'the public key is not the one that was enrolled';
    return this.#check(assertion, challengeOf(id, digest));
  }
}

const kept = json.pipe(approvalSchema);

const sameCall = (state: string | undefined, digest: string): ApprovedCall['call'] => {
  if (state === undefined) return 'gone';
  const { data } = kept.safeParse(state);
  return data !== undefined && digestOf(data) === digest ? 'same' : 'other';
};
