import { computed, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { toast } from '../ui/toasts.ts';
import type { ActionResult, JobCalls } from './data/jobActions.ts';
import { isEnded, type JobStore } from './data/jobStore.ts';
import { type Attempt, attemptsOf } from './model/attempts.ts';
import type { CriticalPath } from './model/criticalPath.ts';
import { phasesOf } from './model/jobPhases.ts';
import { criticalTasks, secondsOf } from './model/taskTimes.ts';
import { type Row, rowsOf } from './model/waterfallRows.ts';
import type { WholeTask } from './model/wire.ts';

/** What the parts of the page share: the job, and what follows from its events. */
export type JobScene = {
  readonly store: JobStore;
  /** Undefined where the job can only be looked at. */
  readonly calls: JobCalls | undefined;
  readonly attempts: ReadonlySignal<ReadonlyMap<string, readonly Attempt[]>>;
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly critical: ReadonlySignal<CriticalPath>;
  /** Seconds that a task has taken so far. */
  seconds(task: WholeTask): number;
  /** Tells what an action came to, and reads the job again. */
  done(result: ActionResult): void;
  /** Opens a task's panel, or with undefined closes it. */
  openTask(taskId: string | undefined): void;
};

export const makeScene = (
  store: JobStore,
  calls: JobScene['calls'],
  openTask: JobScene['openTask'],
): JobScene => {
  const ended = computed(() => store.job.value !== undefined && isEnded(store.job.value));
  const clock = computed(() => (ended.value ? 0 : store.now.value));
  const list = computed(() => attemptsOf(store.events.value, clock.value));
  const attempts = computed(() => Map.groupBy(list.value, (attempt) => attempt.taskId));
  const seconds = (task: WholeTask): number =>
    secondsOf(task, attempts.value.get(task.id) ?? [], clock.value);
  return {
    store,
    calls,
    attempts,
    rows: computed(() => rowsOf(list.value, phasesOf(store.events.value, clock.value))),
    critical: computed(() => criticalTasks(store.job.value?.tasks ?? [], seconds)),
    seconds,
    done: (result) => {
      toast(result.words, result.ok ? 'good' : 'bad');
      store.refresh();
    },
    openTask,
  };
};

const Scene = createContext<JobScene | undefined>(undefined);
export const SceneProvider = Scene.Provider;

/** The scene of the job page. @throws Error outside of it. */
export const useScene = (): JobScene => {
  const scene = useContext(Scene);
  if (scene === undefined) throw new Error('Only parts of the job page may ask for its scene.');
  return scene;
};
