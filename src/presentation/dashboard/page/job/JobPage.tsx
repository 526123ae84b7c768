import './job.css';
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { restCalls } from './data/jobActions.ts';
import { isEnded, type JobStore, openJobStore } from './data/jobStore.ts';
import { pagePath, taskOfPath } from './data/paths.ts';
import { DiffSection } from './diff/DiffSection.tsx';
import { TaskGraph } from './graph/TaskGraph.tsx';
import { AsksBanner } from './header/AsksBanner.tsx';
import { JobHeader } from './header/JobHeader.tsx';
import { JobProblem } from './header/JobProblem.tsx';
import { makeScene, SceneProvider } from './jobContext.ts';
import { TaskPanel } from './panel/TaskPanel.tsx';
import { ResultSection } from './result/ResultSection.tsx';
import { Waterfall } from './waterfall/Waterfall.tsx';

/** One job, live: `/jobs/:id`, with the panel of a task over it at `/jobs/:id/tasks/:task`. */
export const JobPage = ({ jobId }: { readonly jobId: string }) => {
  const [store, setStore] = useState<JobStore>();
  useEffect(() => {
    const opened = openJobStore(jobId);
    setStore(opened);
    return () => opened.close();
  }, [jobId]);
  return store === undefined || store.jobId !== jobId ? null : <JobScene store={store} />;
};

const JobScene = ({ store }: { readonly store: JobStore }) => {
  const { path, route } = useLocation();
  const scene = useMemo(
    () => makeScene(store, restCalls, (taskId) => route(pagePath(store.jobId, taskId))),
    [store, route],
  );
  const known = useComputed(() => store.job.value !== undefined);
  const ended = useComputed(() => store.job.value !== undefined && isEnded(store.job.value));
  const taskId = taskOfPath(path);
  if (store.problem.value !== undefined) return <JobProblem problem={store.problem.value} />;
  if (!known.value) return <p class="job-page job-loading">Reading the job…</p>;
  return (
    <SceneProvider value={scene}>
      <div class="job-page">
        <AsksBanner jobId={store.jobId} />
        <JobHeader />
        {ended.value && <ResultSection />}
        <TaskGraph selected={taskId} />
        <Waterfall selected={taskId} />
        <DiffSection />
        {taskId !== undefined && <TaskPanel key={taskId} taskId={taskId} />}
      </div>
    </SceneProvider>
  );
};
