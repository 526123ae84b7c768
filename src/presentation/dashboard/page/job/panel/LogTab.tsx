import { useEffect, useRef, useState } from 'preact/hooks';
import { Empty } from '../../ui/Empty.tsx';
import { countText } from '../../ui/format.ts';
import { openTaskLog, type TaskLog } from '../data/taskLog.ts';
import { useScene } from '../jobContext.ts';
import type { WholeTask } from '../model/wire.ts';
import { useVirtualRows } from '../ui/useVirtualRows.ts';
import { LogRow } from './LogRow.tsx';
import { useLogSearch } from './useLogSearch.ts';

const ROW_HEIGHT = 19;
const NEAR_END = 24;

/** A task's log, live: what its worker said and did, and what its verification printed. */
export const LogTab = ({ task }: { readonly task: WholeTask }) => {
  const { store } = useScene();
  const [log, setLog] = useState<TaskLog>();
  useEffect(() => {
    const opened = openTaskLog(store.jobId, task.id);
    setLog(opened);
    return () => opened.close();
  }, [store.jobId, task.id]);
  return log === undefined ? null : (
    <LogView log={log} live={task.status === 'running' || task.status === 'verifying'} />
  );
};

const LogView = ({ log, live }: { readonly log: TaskLog; readonly live: boolean }) => {
  const { buffer } = log;
  const version = log.version.value;
  const scroller = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const rows = useVirtualRows(scroller, buffer.count, ROW_HEIGHT);
  const search = useLogSearch(buffer, version, (row) => {
    setFollow(false);
    rows.scrollTo(row, 'center');
  });
  const lastTop = useRef(0);
  useEffect(() => {
    const element = scroller.current;
    if (!follow || element === null) return;
    element.scrollTop = element.scrollHeight;
    // The browser tells of it a frame later: a reader who scrolls up within that frame went up from here.
    lastTop.current = element.scrollTop;
  }, [follow, version, rows.height]);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const end = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    // Who scrolls up wants to read; who comes back to the end wants to go on.
    if (end !== follow && (end || element.scrollTop < lastTop.current)) setFollow(end);
    lastTop.current = element.scrollTop;
  };
  return (
    <div class="task-log">
      <div class="task-log-bar">
        <input
          type="search"
          class="input"
          aria-label="Search in the log"
          placeholder="Search"
          value={search.words}
          onInput={(event) => search.setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') search.step(event.shiftKey ? -1 : 1);
          }}
        />
        {search.words !== '' && (
          <>
            <span class="number" role="status">
              {search.found.length === 0 ? 'none' : `${search.at + 1} of ${search.found.length}`}
            </span>
            <button
              type="button"
              class="button small square"
              aria-label="Previous match"
              onClick={() => search.step(-1)}
            >
              ↑
            </button>
            <button
              type="button"
              class="button small square"
              aria-label="Next match"
              onClick={() => search.step(1)}
            >
              ↓
            </button>
          </>
        )}
        <label class="task-log-follow">
          <input
            type="checkbox"
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
          />{' '}
          Follow
        </label>
      </div>
      {buffer.dropped > 0 && <p class="quiet">{countText(buffer.dropped, 'earlier row')} left out.</p>}
      <div
        ref={scroller}
        class="task-log-rows"
        role="log"
        aria-live="off"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="task-log-space" style={{ height: `${rows.height}px` }}>
          {rows.items.map((item) => (
            <LogRow
              key={item.key}
              text={buffer.row(item.index)}
              top={item.start}
              words={search.words}
              current={search.found[search.at] === item.index}
            />
          ))}
        </div>
        {buffer.count === 0 && (
          <Empty
            title={
              log.stream.value === 'live'
                ? live
                  ? 'Nothing printed yet'
                  : 'Nothing was printed'
                : 'Reading the log…'
            }
          />
        )}
      </div>
      <p class="task-log-foot quiet">
        {countText(buffer.count, 'row')}{' '}
        {log.stream.value === 'lost' ? '· connection lost, trying again' : live ? '· live' : ''}
      </p>
    </div>
  );
};
