import { pagePath } from '../data/paths.ts';
import { useScene } from '../jobContext.ts';
import type { Attempt, SegmentKind } from '../model/attempts.ts';
import { duration } from '../model/format.ts';
import { canRunAgain } from '../model/taskActions.ts';
import type { Row } from '../model/waterfallRows.ts';
import { OUTCOME_WORDS, SEGMENT_WORDS } from '../model/words.ts';
import { ConfirmButton } from '../ui/ConfirmButton.tsx';

type Props = { readonly rows: readonly Row[]; readonly active: string | undefined };

const KINDS: readonly SegmentKind[] = ['working', 'verifying', 'repairing', 'asking'];

/** The bar that was pointed at last, in words, and what can be done about it. */
export const BarDetails = ({ rows, active }: Props) => {
  const phase = rows.flatMap((row) => (row.kind === 'job' ? row.bars : [])).find((bar) => bar.key === active);
  const attempt = rows
    .flatMap((row) => (row.kind === 'lane' ? row.bars : []))
    .find((bar) => bar.key === active);
  if (attempt !== undefined) return <AttemptDetails bar={attempt} />;
  return (
    <p class="wf-details quiet">
      {phase === undefined
        ? 'Point at a bar to read about it; click opens its task.'
        : `${phase.label}, ${duration((phase.to - phase.from) / 1000)}`}
    </p>
  );
};

const AttemptDetails = ({ bar }: { readonly bar: Attempt }) => {
  const { store, calls, done } = useScene();
  const job = store.job.value;
  const task = job?.tasks.find((candidate) => candidate.id === bar.taskId);
  const stretches = KINDS.map((kind) => ({
    kind,
    seconds: bar.segments.reduce(
      (sum, part) => sum + (part.kind === kind ? (part.to - part.from) / 1000 : 0),
      0,
    ),
  })).filter(({ seconds }) => seconds > 0);
  const waited = bar.waitFrom === undefined ? 0 : (bar.from - bar.waitFrom) / 1000;
  return (
    <div class="wf-details">
      <div>
        <a href={pagePath(store.jobId, bar.taskId)}>{task?.title ?? bar.taskId}</a>, attempt {bar.attempt} on
        worker {bar.lane + 1}: {OUTCOME_WORDS[bar.outcome]}
        <span class="quiet">
          {' '}
          · {waited > 0 && `waited ${duration(waited)}, `}
          {stretches.map(({ kind, seconds }) => `${SEGMENT_WORDS[kind]} ${duration(seconds)}`).join(', ')}
          {bar.pause !== undefined &&
            `, then a pause of ${duration((bar.pause.to - bar.pause.from) / 1000)}${bar.pause.rateLimited ? ' for the rate limit' : ''}`}
        </span>
        {bar.error !== undefined && <p class="wf-error">{bar.error.message}</p>}
      </div>
      {calls !== undefined && job !== undefined && task !== undefined && canRunAgain(job, task) && (
        <ConfirmButton
          label="Run again"
          title={`Run “${task.title}” again?`}
          confirm="Run again"
          action={() => calls.retry(job.job_id, task.id)}
          onDone={done}
        >
          <p>
            It starts anew from its base, and tasks that were skipped for it follow. This costs tokens again.
          </p>
        </ConfirmButton>
      )}
    </div>
  );
};
