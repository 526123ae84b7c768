import { z } from 'zod';
import type { ApprovalId } from '../../domain/ids.ts';
import { challengeOf } from '../approving/digest.ts';
import type { AuditRow } from './chain.ts';
import { jsonText } from './jsonText.ts';

/** What a passkey signed, all base64url. */
export type Assertion = {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly clientDataJson: string;
  readonly authenticatorData: string;
  readonly signature: string;
};

/** @returns why the signature over the challenge is not good; undefined where it is. */
export type CheckAssertion = (assertion: Assertion, challenge: string) => Promise<string | undefined>;

const enrolled = jsonText.pipe(
  z.object({ passkey_id: z.string(), label: z.string(), public_key: z.string().optional() }),
);
const removed = jsonText.pipe(z.object({ passkey_id: z.string() }));
const signed = jsonText.pipe(
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

type Enrolled = { readonly label: string; readonly publicKey: string | undefined };

/** What is signed, as it must be for the approval to count. */
type Signed = { readonly approvalId: ApprovalId | undefined; readonly digest: string };

/** Passkeys by the entries of a log, in their order, and what each of them signed. */
export class LoggedPasskeys {
  readonly #keys = new Map<string, Enrolled>();
  readonly #gone = new Set<string>();
  readonly #check: CheckAssertion;

  constructor(check: CheckAssertion) {
    this.#check = check;
  }

  see({ type, detail }: AuditRow): void {
    if (type === 'passkey.added') this.#enrol(detail);
    else if (type === 'passkey.removed') this.#remove(detail);
  }

  /**
   * The signature that an entry holds, judged by the passkeys as they were at that entry.
   * @returns the passkey's name, where it was enrolled, and a check that can be made later: why it is not good.
   */
  signature(
    detail: string,
    { approvalId, digest }: Signed,
  ): { readonly passkey: string | undefined; readonly wrong: () => Promise<string | undefined> } {
    const assertion = signed.safeParse(detail).data;
    const key = assertion && this.#keys.get(assertion.credentialId);
    const isGone = assertion !== undefined && this.#gone.has(assertion.credentialId);
    const wrong = async (): Promise<string | undefined> => {
      if (assertion === undefined || approvalId === undefined) return 'the entry holds no whole signature';
      if (isGone) return 'the passkey had been removed before';
      if (key?.publicKey !== undefined && key.publicKey !== assertion.publicKey)
        return 'the public key is not the one that was enrolled';
      return this.#check(assertion, challengeOf(approvalId, digest));
    };
    return { passkey: key?.label, wrong };
  }

  #enrol(detail: string): void {
    const { data } = enrolled.safeParse(detail);
    if (data === undefined) return;
    this.#keys.set(data.passkey_id, { label: data.label, publicKey: data.public_key });
    this.#gone.delete(data.passkey_id);
  }

  #remove(detail: string): void {
    const { data } = removed.safeParse(detail);
    if (data !== undefined) this.#gone.add(data.passkey_id);
  }
}
