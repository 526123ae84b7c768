import type { ApprovalAnswer, ApprovalRow } from '../../../../wire/approval.ts';
import type { IconName } from '../../ui/iconShapes.ts';
import type { Tone } from '../../ui/states.ts';

type Look = { readonly word: string; readonly icon: IconName; readonly tone: Tone };

const STATUS_LOOKS: Readonly<Record<ApprovalRow['status'], Look>> = {
  pending: { word: 'Waits for a decision', icon: 'hand', tone: 'warn' },
  superseded: { word: 'Waits for a decision', icon: 'hand', tone: 'warn' },
  approved: { word: 'Approved', icon: 'check', tone: 'good' },
  denied: { word: 'Denied', icon: 'slash', tone: 'bad' },
  used: { word: 'Approved, and it ran', icon: 'check', tone: 'idle' },
  expired: { word: 'Expired, which denies it', icon: 'slash', tone: 'idle' },
  cancelled: { word: 'Cancelled', icon: 'slash', tone: 'idle' },
};

/** A denial that the worker was told is used up as well, and nothing ran. */
export const statusLook = ({ status, decision }: Pick<ApprovalRow, 'status' | 'decision'>): Look =>
  STATUS_LOOKS[status === 'used' && decision === 'deny' ? 'denied' : status];

export const RISK_LOOKS: Readonly<Record<ApprovalRow['risk'], Look>> = {
  CRITICAL: { word: 'CRITICAL', icon: 'cross', tone: 'bad' },
  HIGH: { word: 'HIGH', icon: 'attention', tone: 'bad' },
  MEDIUM: { word: 'MEDIUM', icon: 'attention', tone: 'warn' },
  LOW: { word: 'LOW', icon: 'info', tone: 'idle' },
  SAFE: { word: 'SAFE', icon: 'info', tone: 'idle' },
};

type Channel = NonNullable<ApprovalRow['channel']>;
export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  passkey: 'by passkey',
  passphrase: 'by passphrase',
  code: 'by one-time code',
  key: 'by API key',
  agent: 'as an agent',
  elicitation: 'through its MCP client',
  server: 'by the server',
};

type Touch = ApprovalAnswer['touches'][number];
export const ACCESS_WORDS: Readonly<Record<Touch['access'], string>> = {
  read: 'reads',
  write: 'writes',
  delete: 'deletes',
};
export const GIT_WORDS: Readonly<Record<NonNullable<Touch['git']>, string>> = {
  clean: 'in git, unchanged',
  modified: 'in git, with changes that are not committed',
  untracked: 'not in git',
  ignored: 'ignored by git',
  outside: 'outside of any repository',
};
/** What git could not bring back. */
export const LOST_FOR_GOOD: ReadonlySet<string> = new Set(['modified', 'untracked', 'ignored', 'outside']);

type Decision = ApprovalAnswer['decisions'][number];

/** `denied by passkey: too much`. */
export const decisionText = ({ decision, channel, reason }: Decision): string =>
  `${decision === 'approve' ? 'approved' : 'denied'} ${CHANNEL_WORDS[channel]}${reason === '' ? '' : `: ${reason}`}`;

/** `Denied by person by passkey: keep it`; undefined where nobody has decided. */
export const decidedText = ({
  decision,
  decided_by,
  channel,
  decision_reason,
}: Pick<ApprovalRow, 'decision' | 'decided_by' | 'channel' | 'decision_reason'>): string | undefined => {
  if (decided_by === undefined) return undefined;
  const words = [
    decision === undefined ? 'Decided' : decision === 'deny' ? 'Denied' : 'Approved',
    `by ${decided_by}`,
    ...(channel === undefined ? [] : [CHANNEL_WORDS[channel]]),
  ].join(' ');
  return decision_reason === undefined ? words : `${words}: ${decision_reason}`;
};

type Named = ApprovalAnswer['files'][number];
/** What stands where a file has no content. @param touches what the call would write or delete. */
export const noContentText = ({ path, real_path }: Named, touches: readonly Touch[]): string => {
  const touch = touches.find((one) => one.path === path || one.path === real_path);
  if (touch === undefined) return 'no content';
  return touch.exists ? 'a folder' : 'not there';
};

/** Why a decision came too late: whoever was first, or what ended the request. */
export const tooLateText = ({ status, decisions }: Pick<ApprovalAnswer, 'status' | 'decisions'>): string => {
  const last = decisions.at(-1);
  if (last !== undefined && status !== 'cancelled' && status !== 'expired')
    return `${last.by} has decided already: ${decisionText(last)}`;
  return status === 'expired'
    ? 'Nobody decided in time: the request has expired, which denies it.'
    : 'The request is cancelled: there is nothing to decide any more.';
};
