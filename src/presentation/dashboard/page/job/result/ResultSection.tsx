import './result.css';
import { useEffect, useState } from 'preact/hooks';
import type { ResultAnswer } from '../../../../wire/result.ts';
import { getJson } from '../../data/http.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { apiPath } from '../data/paths.ts';
import { useScene } from '../jobContext.ts';
import { Receipt } from './Receipt.tsx';
import { Verdict } from './Verdict.tsx';

/** What came of the job, once it has ended; read anew where it was retried and ended again. */
export const ResultSection = () => {
  const { store } = useScene();
  const job = store.job.value;
  const [result, setResult] = useState<ResultAnswer>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    void (async () => {
      try {
        setResult(await getJson<ResultAnswer>(apiPath(store.jobId, 'result'), stop.signal));
        setError(undefined);
      } catch (thrown) {
        if (!stop.signal.aborted) setError(thrown);
      }
    })();
    return () => stop.abort();
  }, [store.jobId, job?.ended_at, turn]);
  return (
    <section class="card job-card" aria-labelledby="job-result-title">
      <div class="job-section-head">
        <h2 id="job-result-title">Result</h2>
      </div>
      <ErrorNote error={error} onRetry={() => setTurn(turn + 1)} />
      {job !== undefined && <Verdict job={job} />}
      {result?.receipt !== undefined && <Receipt receipt={result.receipt} />}
      {result !== undefined && result.output.trim() !== '' && (
        <details class="result-words" open={result.output.length < 1500}>
          <summary>What the workers said</summary>
          <pre class="job-text">{result.output}</pre>
        </details>
      )}
      {result !== undefined && result.diff_stat.trim() !== '' && (
        <details class="result-words">
          <summary>Changed files in numbers</summary>
          <pre class="job-text is-code">{result.diff_stat}</pre>
        </details>
      )}
    </section>
  );
};
