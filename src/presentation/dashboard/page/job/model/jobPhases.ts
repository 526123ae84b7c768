import type { Span } from './attempts.ts';
import { number, text } from './fields.ts';
import type { WireEvent } from './wire.ts';

export type PhaseKind = 'planning' | 'baseline' | 'merging' | 'conflict' | 'final';
/** Work on the job as a whole, which has no worker's lane. */
export type Phase = Span & { readonly key: string; readonly kind: PhaseKind; readonly label: string };

/**
 * Planning, checks of the base, merging with its conflicts, and the verification of the whole.
 * @param now milliseconds since the epoch, for a phase that still runs.
 */
export const phasesOf = (events: readonly WireEvent[], now: number): readonly Phase[] => {
  const phases: Phase[] = [];
  let planning: number | undefined;
  let merging: number | undefined;
  let lastMerge: number | undefined;
  const conflicts = new Map<string, number>();
  const add = (kind: PhaseKind, from: number, to: number, label: string): void => {
    phases.push({ key: `${kind}:${phases.length}`, kind, from, to: Math.max(from, to), label });
  };
  const endMerge = (at: number, final: boolean): void => {
    if (merging === undefined) return;
    const merged = lastMerge ?? merging;
    add('merging', merging, final ? merged : at, 'Merging the tasks');
    if (final) add('final', merged, at, 'Verifying the merged result');
    merging = undefined;
    lastMerge = undefined;
  };
  let clock = 0;
  for (const event of events) {
    clock = Math.max(clock, Date.parse(event.at) || 0);
    switch (event.type) {
      case 'job.submitted':
        planning = clock;
        break;
      case 'job.planned':
        if (planning !== undefined) add('planning', planning, clock, 'Planning');
        planning = undefined;
        break;
      case 'baseline.finished': {
        const state = event.green === true ? 'green' : 'red';
        const from = clock - number(event, 'seconds') * 1000;
        add('baseline', from, clock, `Base is ${state}: ${text(event, 'command')}`);
        break;
      }
      case 'integration.merged':
        merging ??= clock;
        lastMerge = clock;
        break;
      case 'conflict.found':
        conflicts.set(text(event, 'task_id'), clock);
        break;
      case 'conflict.resolved': {
        const id = text(event, 'task_id');
        add('conflict', conflicts.get(id) ?? clock, clock, `Conflict of ${id}, resolved`);
        conflicts.delete(id);
        break;
      }
      case 'job.verified':
        endMerge(clock, true);
        break;
      case 'job.status': {
        const to = text(event, 'to');
        if (to === 'integrating') merging = clock;
        else {
          if (planning !== undefined && to !== 'running') add('planning', planning, clock, 'Planning');
          if (to !== 'running') planning = undefined;
          endMerge(clock, false);
          if (to !== 'running') conflicts.clear();
        }
        break;
      }
    }
  }
  const end = Math.max(clock, now);
  if (planning !== undefined) add('planning', planning, end, 'Planning');
  for (const [id, from] of conflicts) add('conflict', from, end, `Conflict of ${id}, being resolved`);
  if (merging !== undefined) add('merging', merging, end, 'Merging and verifying');
  return phases;
};
