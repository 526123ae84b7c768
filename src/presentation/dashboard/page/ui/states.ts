import type { JobRow } from '../../../wire/jobList.ts';
import type { TaskAnswer } from '../../../wire/task.ts';
import type { IconName } from './iconShapes.ts';

/** Every state that a badge can show, of jobs and of tasks. */
export type State = JobRow['status'] | TaskAnswer['status'] | 'submitted' | 'attention' | 'approval';

export type Tone = 'go' | 'good' | 'bad' | 'warn' | 'idle';

export type Look = { readonly word: string; readonly icon: IconName; readonly tone: Tone };

/** Colour is never the only signal: each state has a word, and a shape that differs from those beside it. */
export const LOOKS: Readonly<Record<State, Look>> = {
  submitted: { word: 'Submitted', icon: 'dots', tone: 'idle' },
  planning: { word: 'Planning', icon: 'plan', tone: 'go' },
  running: { word: 'Running', icon: 'running', tone: 'go' },
  integrating: { word: 'Merging', icon: 'merge', tone: 'go' },
  succeeded: { word: 'Succeeded', icon: 'check', tone: 'good' },
  failed: { word: 'Failed', icon: 'cross', tone: 'bad' },
  cancelled: { word: 'Cancelled', icon: 'slash', tone: 'idle' },
  attention: { word: 'Wants you', icon: 'attention', tone: 'warn' },
  approval: { word: 'Asks you', icon: 'hand', tone: 'warn' },
  waiting: { word: 'Waiting', icon: 'dots', tone: 'idle' },
  ready: { word: 'Ready', icon: 'circle', tone: 'idle' },
  verifying: { word: 'Verifying', icon: 'verifying', tone: 'go' },
  parked: { word: 'Waits for a person', icon: 'hand', tone: 'warn' },
  done: { word: 'Done', icon: 'check', tone: 'good' },
  skipped: { word: 'Skipped', icon: 'skip', tone: 'idle' },
};
