import { useEffect, useState } from 'preact/hooks';
import type { SystemAnswer } from '../../../../wire/system.ts';
import { getJson } from '../../data/http.ts';
import { happenings } from '../../data/jobs.ts';
import { useRefresh } from '../../data/useRefresh.ts';
import { Money } from '../../ui/Money.tsx';

/** A few figures of the whole: drawn when they are known, left out where they cannot be had. */
export const Facts = () => {
  const [system, know] = useState<SystemAnswer>();
  const refresh = useRefresh(async (signal) => know(await getJson<SystemAnswer>('/api/v1/system', signal)));
  const seenHappenings = happenings.value;
  useEffect(() => {
    if (seenHappenings > 0) refresh();
  }, [seenHappenings, refresh]);
  if (system === undefined) return <dl class="facts" />;
  return (
    <dl class="facts">
      <div>
        <dt>Workers busy</dt>
        <dd class="number">
          {system.workers.busy}
          <span class="quiet"> of {system.workers.limit}</span>
        </dd>
      </div>
      <div>
        <dt>Tasks waiting</dt>
        <dd class="number">{Math.max(0, system.queue.open_tasks - system.workers.busy)}</dd>
      </div>
      <div>
        <dt>Spent today</dt>
        <dd>
          <Money usd={system.spend_today_usd} />
        </dd>
      </div>
    </dl>
  );
};
