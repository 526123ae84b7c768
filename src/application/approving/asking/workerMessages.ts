import type { Approval } from '../../../domain/approval.ts';

const LONGEST_REASON = 500;

/** The end of a call that nobody will allow: what the worker is told. */
const GO_ON = 'Go on with the task without it, and do not try to reach the same by another way.';

export const deniedMessage = (approval: Pick<Approval, 'decisions'>): string => {
  const reason = approval.decisions.at(-1)?.reason.trim() ?? '';
  const why = reason === '' ? '' : `: "${reason.slice(0, LONGEST_REASON)}"`;
  return `This call was denied${why}. ${GO_ON}`;
};

export const expiredMessage = `Nobody decided about this call in time, so it is denied. ${GO_ON}`;
export const cancelledMessage = `Nobody will decide about this call any more, so it is denied. ${GO_ON}`;
export const fullMessage = (most: number): string =>
  `${most} calls of this job wait for a person already, so this one is refused. ${GO_ON}`;
export const restlessMessage = `What this call names changes all the time, so nobody can be asked about it. Let it rest, then call again, or go on without it.`;
export const unhashableMessage = (why: string): string => `This call is refused: ${why} ${GO_ON}`;
