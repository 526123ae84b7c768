import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import type { DecisionAnswer } from '../../../../wire/approval.ts';
import { postJson } from '../../data/http.ts';

/** Once unless it says more: three runs of exactly this call, or its runs within an hour. */
export type Extent = 'once' | 'three' | 'hour';

type Extra = { readonly uses?: number; readonly valid_seconds?: number };
const EXTRA: Readonly<Record<Extent, Extra>> = {
  once: {},
  three: { uses: 3 },
  hour: { valid_seconds: 3600 },
};

const pathOf = (id: string, part: string): string => `/api/v1/approvals/${encodeURIComponent(id)}/${part}`;

/** @throws ProblemError: 409 where it is decided already. */
export const deny = (id: string, reason: string): Promise<DecisionAnswer> =>
  postJson<DecisionAnswer>(pathOf(id, 'decision'), { decision: 'deny', reason });

/** By the session itself: it was opened by the passphrase, or by a key that approves. @throws ProblemError */
export const approve = (id: string, reason: string, extent: Extent): Promise<DecisionAnswer> =>
  postJson<DecisionAnswer>(pathOf(id, 'decision'), { decision: 'approve', reason, ...EXTRA[extent] });

/**
 * By a passkey that signs this very approval. The library is loaded when somebody uses a passkey.
 * @throws ProblemError, and a WebAuthnError where the person or the browser would not.
 */
export const approveByPasskey = async (
  id: string,
  reason: string,
  extent: Extent,
): Promise<DecisionAnswer> => {
  const asked = await postJson<{ flow: string; options: PublicKeyCredentialRequestOptionsJSON }>(
    pathOf(id, 'challenge'),
    {},
  );
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const response = await startAuthentication({ optionsJSON: asked.options });
  return postJson<DecisionAnswer>(pathOf(id, 'decision'), {
    decision: 'approve',
    reason,
    passkey: { flow: asked.flow, response },
    ...EXTRA[extent],
  });
};

export type OneTimeCode = { readonly code: string; readonly expires_at: string };

/** A new one-time code; the one before is void. @throws ProblemError */
export const showCode = (id: string): Promise<OneTimeCode> => postJson<OneTimeCode>(pathOf(id, 'code'), {});
