import './diff.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { getText } from '../../data/http.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { apiPath } from '../data/paths.ts';
import { useScene } from '../jobContext.ts';
import { type DiffFile, diffFilesOf } from '../model/diffFiles.ts';
import { DiffFiles } from './DiffFiles.tsx';

type Loaded = { readonly files: readonly DiffFile[]; readonly state: string };

/** What the job changed so far. Read when it comes into sight; anew only on request, under nobody's hands. */
export const DiffSection = () => {
  const { store } = useScene();
  const job = store.job.value;
  const section = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const state = `${job?.progress.done} ${job?.commit ?? ''}`;

  useEffect(() => {
    const element = section.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!seen) return;
    const stop = new AbortController();
    void (async () => {
      try {
        const text = await getText(apiPath(store.jobId, 'diff'), { signal: stop.signal });
        setLoaded({ files: diffFilesOf(text), state });
        setError(undefined);
      } catch (thrown) {
        if (!stop.signal.aborted) setError(thrown);
      }
    })();
    return () => stop.abort();
  }, [seen, turn, store.jobId]);

  const again = (): void => setTurn((count) => count + 1);
  // Where nothing is shown yet there is nothing that anybody has under their hands.
  const isStaleAndBare = loaded !== undefined && loaded.files.length === 0 && loaded.state !== state;
  useEffect(() => {
    if (isStaleAndBare) again();
  }, [isStaleAndBare, state]);
  const added = loaded?.files.reduce((sum, file) => sum + file.added, 0) ?? 0;
  const removed = loaded?.files.reduce((sum, file) => sum + file.removed, 0) ?? 0;
  return (
    <section ref={section} class="card job-card" aria-labelledby="job-diff-title">
      <div class="job-section-head">
        <h2 id="job-diff-title">Changes</h2>
        {loaded !== undefined && loaded.files.length > 0 && (
          <span class="number">
            <span class="diff-plus">+{added.toLocaleString('en')}</span>{' '}
            <span class="diff-minus">−{removed.toLocaleString('en')}</span>
          </span>
        )}
        <div class="job-actions">
          {loaded !== undefined && loaded.state !== state && (
            <button type="button" class="button small primary" onClick={again}>
              Show the latest
            </button>
          )}
        </div>
      </div>
      <ErrorNote error={error} onRetry={again} />
      {loaded === undefined ? (
        error === undefined && <p class="quiet">Reading the changes…</p>
      ) : loaded.files.length === 0 ? (
        <Empty title="No changes yet">
          <p>They show here once the work of its tasks has been merged.</p>
        </Empty>
      ) : (
        <DiffFiles key={loaded.state} files={loaded.files} />
      )}
    </section>
  );
};
