import { moneyText } from '../../ui/format.ts';
import { duration } from '../model/format.ts';
import { receiptFacts } from '../model/receipt.ts';

const THOUSANDS = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** What the job took: the time on the wall beside the workers' time, and what it cost. */
export const Receipt = ({ receipt }: { readonly receipt: Readonly<Record<string, unknown>> }) => {
  const facts = receiptFacts(receipt);
  const { wallSeconds: wall = 0, workerSeconds: work = 0 } = facts;
  const longest = Math.max(wall, work, 1);
  const times = [
    { name: 'Time it took', seconds: wall, kind: 'wall' },
    { name: 'Work of all workers', seconds: work, kind: 'work' },
  ];
  const figures: readonly (readonly [string, string | undefined])[] = [
    ['Speed-up', facts.speedup === undefined ? undefined : `${facts.speedup.toFixed(1)}×`],
    ['Cost', facts.costUsd === undefined ? undefined : moneyText(facts.costUsd)],
    ['Predicted cost', facts.predictedUsd === undefined ? undefined : moneyText(facts.predictedUsd)],
    ['Predicted time', facts.predictedSeconds === undefined ? undefined : duration(facts.predictedSeconds)],
    [
      'Critical path',
      facts.criticalPathSeconds === undefined ? undefined : duration(facts.criticalPathSeconds),
    ],
    ['Workers', facts.lanes === undefined ? undefined : String(facts.lanes)],
    [
      'Workers busy',
      facts.utilization === undefined ? undefined : `${Math.round(facts.utilization * 100)} %`,
    ],
    ['Tokens', facts.tokens === undefined ? undefined : THOUSANDS.format(facts.tokens)],
    ['Caught by checks', text(facts.catches)],
    ['Repairs', text(facts.repairs)],
    ['Retries', text(facts.retries)],
    ['Conflicts resolved', text(facts.conflicts)],
    ['Held back', text(facts.heldBack)],
    ['Tool calls refused', text(facts.refusals)],
  ];
  return (
    <div class="receipt">
      <dl class="receipt-times">
        {times.map(({ name, seconds, kind }) => (
          <div key={kind}>
            <dt>{name}</dt>
            <dd>
              <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect class={`receipt-bar is-${kind}`} width={(seconds / longest) * 100} height="1" />
              </svg>
              <span class="number">{duration(seconds)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <dl class="job-facts">
        {figures.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name} class="job-fact">
              <dt>{name}</dt>
              <dd class="number">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
};

const text = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);
