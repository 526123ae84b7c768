import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { AnalysisAnswer } from '../../../../wire/analysis.ts';
import type { JobAnswer } from '../../../../wire/job.ts';
import { postJson } from '../../data/http.ts';
import { maySubmit } from '../../data/session.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { useAction } from '../../ui/useAction.ts';
import { AnalysisPanel } from './AnalysisPanel.tsx';
import { analyzeBody, EMPTY_DRAFT, problemsOf, submitBody } from './draft.ts';
import { draft } from './keptDraft.ts';
import { NewJobFields } from './NewJobFields.tsx';
import { randomKey } from './randomKey.ts';
import { TaskRows } from './TaskRows.tsx';
import './newJob.css';

export const NewJobPage = () => {
  usePageTitle('New job');
  if (maySubmit.value) return <NewJob />;
  return (
    <Empty isPage title="This session starts no jobs">
      <p>Its role only looks. Agents and admins start jobs.</p>
      <a class="button" href="/login">
        Sign in as a person
      </a>
    </Empty>
  );
};

/** The analysis, and of what it is: an answer to another form says nothing of this one. */
type Analyzed = { readonly of: string; readonly answer: AnalysisAnswer };

/** Two steps: what it will be like, then the start. */
const NewJob = () => {
  const { route } = useLocation();
  const [analyzed, know] = useState<Analyzed>();
  const [isTried, setTried] = useState(false);
  const current = draft.value;
  const problems = problemsOf(current);
  const shownProblems = isTried ? problems : new Map();
  const body = JSON.stringify(submitBody(current, ''));
  // Another form is another job, the same form the same one.
  const key = useMemo(randomKey, [body]);
  const question = JSON.stringify(analyzeBody(current));
  const isKnown = analyzed?.of === question;

  const analyze = useAction(async () => {
    know({ of: question, answer: await postJson<AnalysisAnswer>('/api/v1/analyze', analyzeBody(current)) });
  });
  const start = useAction(async () => {
    const job = await postJson<JobAnswer>('/api/v1/orchestrate', submitBody(current, key));
    draft.value = { ...EMPTY_DRAFT, workspace: current.workspace };
    route(`/jobs/${job.job_id}`);
  });
  const isBusy = analyze.isBusy || start.isBusy;
  const tryTo = (step: () => void): void => {
    if (isBusy) return;
    setTried(true);
    if (problems.size === 0) {
      step();
      return;
    }
    // The first field that is wrong, once it is marked.
    setTimeout(() => document.querySelector<HTMLElement>('.new-job [aria-invalid="true"]')?.focus());
  };
  return (
    <form
      class="new-job"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        tryTo(isKnown ? start.run : analyze.run);
      }}
    >
      <h1>New job</h1>
      <div class="new-job-fields">
        <NewJobFields problems={shownProblems} />
        <TaskRows problems={shownProblems} />
      </div>
      <aside class="new-job-side" aria-label="Analysis and start">
        <AnalysisPanel
          analysis={analyzed?.answer}
          isOld={analyzed !== undefined && !isKnown}
          isBusy={analyze.isBusy}
        />
        <ErrorNote error={analyze.error} />
        <ErrorNote error={start.error} />
        <div class="new-job-actions">
          {/* Not `disabled`: that would take the focus from who pressed it by a key and presses it again. */}
          <button type="submit" class="button primary wide" aria-disabled={isBusy}>
            {start.isBusy
              ? 'Starting…'
              : analyze.isBusy
                ? 'Analysing…'
                : isKnown
                  ? 'Start the job'
                  : 'Analyse'}
          </button>
          {isKnown ? null : (
            <button
              type="button"
              class="button plain wide"
              disabled={start.isBusy}
              onClick={() => tryTo(start.run)}
            >
              Start without analysis
            </button>
          )}
        </div>
      </aside>
    </form>
  );
};
