import type { AnalysisAnswer } from '../../../../wire/analysis.ts';
import { countText, durationText, moneyText } from '../../ui/format.ts';

type AnalysisPanelProps = {
  readonly analysis: AnalysisAnswer | undefined;
  /** The form has changed since. */
  readonly isOld: boolean;
  readonly isBusy: boolean;
};

const LEVELS = ['SIMPLE', 'MODERATE', 'COMPLEX'] as const;
const LEVEL_WORDS = { SIMPLE: 'Simple', MODERATE: 'Moderate', COMPLEX: 'Complex' } as const;

/** What the job will be like, before it costs anything. */
export const AnalysisPanel = ({ analysis, isOld, isBusy }: AnalysisPanelProps) => (
  <section class="card analysis" aria-labelledby="analysis-title" aria-live="polite" aria-busy={isBusy}>
    <h2 id="analysis-title">Analysis</h2>
    {analysis === undefined ? (
      <p class="quiet">How hard it is, how it splits, what it may cost: seen before anything starts.</p>
    ) : (
      <>
        {isOld ? <p class="analysis-old">Of the form as it was before. Analyse again.</p> : null}
        <Answer analysis={analysis} />
      </>
    )}
  </section>
);

const Answer = ({ analysis }: { readonly analysis: AnalysisAnswer }) => {
  const { complexity, estimate, verdict, reasons, preview, preview_omitted: omitted } = analysis;
  const level = LEVELS.indexOf(complexity);
  return (
    <>
      <p class="complexity">
        <span class="complexity-steps" aria-hidden="true">
          {LEVELS.map((name, at) => (
            <span key={name} class={at <= level ? 'is-on' : ''} />
          ))}
        </span>
        <strong>{LEVEL_WORDS[complexity]}</strong>
      </p>
      <p class="verdict">{verdict}</p>
      <dl class="estimate">
        <div>
          <dt>Tasks</dt>
          <dd class="number">{estimate.tasks}</dd>
        </div>
        <div>
          <dt>Workers</dt>
          <dd class="number">{estimate.workers}</dd>
        </div>
        <div>
          <dt>Time</dt>
          <dd class="number" title={`one after the other: ${durationText(estimate.serial_seconds * 1000)}`}>
            ~{durationText(estimate.critical_path_seconds * 1000)}
          </dd>
        </div>
        <div>
          <dt>Cost</dt>
          <dd class="number">~{moneyText(estimate.cost_usd)}</dd>
        </div>
      </dl>
      {reasons.length === 0 ? null : (
        <details>
          <summary>Why</summary>
          <ul class="reasons">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </details>
      )}
      {preview === undefined ? (
        <p class="quiet">A planner splits it at the start, which costs a model call.</p>
      ) : (
        <>
          <h3>Plan</h3>
          <ol class="preview">
            {preview.map((task) => (
              <li key={task.id}>
                <code>{task.id}</code>
                <span>
                  {task.title}
                  {task.depends_on.length === 0 ? null : (
                    <span class="quiet"> after {task.depends_on.join(', ')}</span>
                  )}
                </span>
              </li>
            ))}
          </ol>
          {omitted === undefined ? null : <p class="quiet">and {countText(omitted, 'more task')}</p>}
        </>
      )}
    </>
  );
};
