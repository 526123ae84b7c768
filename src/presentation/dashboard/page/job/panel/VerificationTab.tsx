import { Note } from '../../ui/Note.tsx';
import type { Tone } from '../../ui/states.ts';
import { useScene } from '../jobContext.ts';
import { duration } from '../model/format.ts';
import { baselinesOf, repairsOf } from '../model/taskHistory.ts';
import type { WholeTask } from '../model/wire.ts';
import { VERIFICATION_WORDS } from '../model/words.ts';

const TONES: Readonly<Record<WholeTask['verification'], Tone>> = {
  proved: 'good',
  held: 'good',
  passed: 'good',
  failed: 'bad',
  none: 'idle',
};
const OPEN: ReadonlySet<string> = new Set(['waiting', 'ready', 'running', 'verifying']);

/** What the verification of a task proves, and how it came to that. */
export const VerificationTab = ({ task }: { readonly task: WholeTask }) => {
  const { store } = useScene();
  const words = VERIFICATION_WORDS[task.verification];
  const open = OPEN.has(task.status) && task.verification === 'none';
  const repairs = repairsOf(store.events.value, task.id);
  const baselines = baselinesOf(store.events.value, task.verify);
  return (
    <div class="task-text">
      {open ? (
        <Note tone="idle" title="Not yet verified">
          <p>The check runs when the worker says that it is finished.</p>
        </Note>
      ) : (
        <Note tone={TONES[task.verification]} title={words.name}>
          <p>{words.meaning}</p>
          {task.verification_note !== undefined && <p>{task.verification_note}</p>}
        </Note>
      )}
      <h3>Check</h3>
      {task.verify === undefined ? (
        <p class="quiet">This task has none.</p>
      ) : (
        <pre class="job-text">{task.verify}</pre>
      )}
      {baselines.map((baseline) => (
        <p key={baseline.seconds}>
          Before any work it was <strong>{baseline.green ? 'green' : 'red'}</strong>, in{' '}
          {duration(baseline.seconds)}.
        </p>
      ))}
      {repairs.length > 0 && (
        <>
          <h3>Repairs</h3>
          <ol class="task-events">
            {repairs.map((repair) => (
              <li key={`${repair.at} ${repair.round}`}>
                <span class="quiet">Round {repair.round}</span> {repair.note}
              </li>
            ))}
          </ol>
        </>
      )}
      {task.commit !== undefined && (
        <p>
          Commit <code>{task.commit}</code>
        </p>
      )}
    </div>
  );
};
