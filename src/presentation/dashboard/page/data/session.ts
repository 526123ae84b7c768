import { computed, signal } from '@preact/signals';
import type { SessionAnswer } from '../../../wire/session.ts';
import { getJson, onSignedOut, ProblemError, post } from './http.ts';

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none'; readonly expired: boolean }
  | { readonly kind: 'unreachable'; readonly error: ProblemError }
  | { readonly kind: 'open'; readonly session: SessionAnswer };

export const sessionState = signal<SessionState>({ kind: 'unknown' });

export const session = computed(() =>
  sessionState.value.kind === 'open' ? sessionState.value.session : undefined,
);

const has = (...roles: readonly string[]): boolean =>
  session.value?.roles.some((role) => roles.includes(role)) ?? false;

/** What the session may do; the server decides, these only keep dead buttons off the page. */
export const maySubmit = computed(() => has('agent', 'admin'));
export const mayAudit = computed(() => has('admin', 'approver'));
export const mayManageKeys = computed(() => has('admin'));
/** Opened by passkey or passphrase: a person, not a credential that an agent holds too. */
export const isPerson = computed(() => ['passkey', 'passphrase'].includes(session.value?.via ?? ''));

let isAsking = false;

/** A 401 may mean a wrong passphrase in a dialog as well: only the session itself knows whether it is over. */
const lookWhetherOver = async (): Promise<void> => {
  if (isAsking || sessionState.value.kind !== 'open') return;
  isAsking = true;
  try {
    await getJson<SessionAnswer>('/api/v1/auth/session');
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401 && sessionState.value.kind === 'open')
      sessionState.value = { kind: 'none', expired: true };
  } finally {
    isAsking = false;
  }
};

onSignedOut(() => void lookWhetherOver());

/** Asks the server who we are; every outcome ends in `sessionState`. */
export const loadSession = async (): Promise<void> => {
  try {
    openSession(await getJson<SessionAnswer>('/api/v1/auth/session'));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    sessionState.value =
      error.status === 401 ? { kind: 'none', expired: false } : { kind: 'unreachable', error };
  }
};

export const openSession = (opened: SessionAnswer): void => {
  sessionState.value = { kind: 'open', session: opened };
};

/** @throws ProblemError where the server did not end the session. */
export const signOut = async (): Promise<void> => {
  await post('/api/v1/auth/logout', {});
  sessionState.value = { kind: 'none', expired: false };
};
