import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { JobView } from '../../application/api.ts';
import type { JobId } from '../../domain/ids.ts';
import { jobToWire } from '../wire/job.ts';
import type { Approvers } from '../wire/surroundings.ts';
import { wholeJobToWire } from '../wire/wholeJob.ts';

export type JobText = {
  /** The answer's JSON. */
  readonly text: string;
  /** Strong: the number of the job's last event, and a digest, since not every change has an event. */
  readonly etag: string;
};

export type JobTexts = (view: JobView, whole: boolean, approvers: Approvers) => JobText;

type Entry = JobText & { readonly view: JobView; readonly approvers: Approvers };

const sameItems = <T>(a: readonly T[] = [], b: readonly T[] = []): boolean =>
  a.length === b.length && a.every((item, at) => item === b[at]);

/** Jobs, tasks and approvals are never changed in place, so the same objects are the same answer. */
const same = (a: JobView, b: JobView): boolean =>
  a.seq === b.seq && a.job === b.job && sameItems(a.tasks, b.tasks) && sameItems(a.approvals, b.approvals);

/**
 * A job as JSON text, made once for each of its states: of many who watch a job, one pays.
 * @param maxCharacters what is kept.
 */
export const createJobTexts = (maxCharacters = 32_000_000): JobTexts => {
  const kept = new LRUCache<`${JobId} ${boolean}`, Entry>({
    maxSize: maxCharacters,
    sizeCalculation: ({ text }) => text.length,
  });
  return (view, whole, approvers) => {
    const key = `${view.job.id} ${whole}` as const;
    const known = kept.get(key);
    const isSame =
      known !== undefined &&
      same(known.view, view) &&
      known.approvers.publicUrl === approvers.publicUrl &&
      known.approvers.personIsSet === approvers.personIsSet;
    if (isSame) return known;
    const text = JSON.stringify(whole ? wholeJobToWire(view, approvers) : jobToWire(view, { approvers }));
    const digest = createHash('sha1').update(text).digest('base64url').slice(0, 12);
    const entry = { view, approvers, text, etag: `"${view.seq}-${digest}"` };
    kept.set(key, entry);
    return entry;
  };
};

/** True where the client's `If-None-Match` names this state. */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag);
