import type { SystemAnswer } from '../../../../wire/system.ts';
import { bytesText, countText, moneyText } from '../../ui/format.ts';

type FigureProps = {
  readonly name: string;
  readonly value: string;
  readonly beside?: string;
  /** 0 to 1: how full. */
  readonly share?: number;
};

const Figure = ({ name, value, beside, share }: FigureProps) => (
  <div class="card figure">
    <dt>{name}</dt>
    <dd>
      <span class="figure-value number">{value}</span>
      {beside === undefined ? null : <span class="figure-beside">{beside}</span>}
      {share === undefined ? null : (
        <meter min={0} max={1} high={0.9} value={Math.min(1, share)} aria-label={`${name}, share in use`} />
      )}
    </dd>
  </div>
);

/** Workers, queue, spending, memory. */
export const SystemFigures = ({
  system: { workers, queue, memory, spend_today_usd: spent },
}: {
  readonly system: SystemAnswer;
}) => (
  <dl class="figures">
    <Figure
      name="Workers busy"
      value={String(workers.busy)}
      beside={`of ${workers.limit}, ${workers.live} alive`}
      share={workers.limit === 0 ? 0 : workers.busy / workers.limit}
    />
    <Figure
      name="Tasks open"
      value={String(queue.open_tasks)}
      beside={`of ${queue.limit.toLocaleString('en-US')}, in ${countText(queue.jobs_running, 'job')}`}
      share={queue.limit === 0 ? 0 : queue.open_tasks / queue.limit}
    />
    <Figure name="Spent today" value={moneyText(spent)} />
    <Figure
      name="Memory free"
      value={bytesText(memory.available_bytes)}
      beside={`the server holds ${bytesText(memory.server_bytes)}`}
    />
  </dl>
);
