/** More cells than this are thinner than their gaps on a phone. */
const CELLS = 40;

type TaskBarProps = {
  readonly done: number;
  readonly total: number;
  /** Of what, for those who listen. */
  readonly label: string;
};

/** Progress by tasks: a cell a task where there are few, else one bar; the count stands beside it. */
export const TaskBar = ({ done, total, label }: TaskBarProps) => (
  <div class="task-bar">
    <svg
      role="progressbar"
      aria-label={`Tasks of ${label}`}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={total === 0 ? 'not planned yet' : `${done} of ${total} tasks done`}
      viewBox={`0 0 ${Math.max(total, 1)} 1`}
      preserveAspectRatio="none"
    >
      {total > 0 && total <= CELLS ? (
        Array.from({ length: total }, (_, at) => (
          <rect key={at} class={at < done ? 'full' : ''} x={at} width={1} height={1} />
        ))
      ) : (
        <>
          <rect width={Math.max(total, 1)} height={1} />
          <rect class="full" width={done} height={1} />
        </>
      )}
    </svg>
    <span class="number" aria-hidden="true">
      {total === 0 ? '–' : `${done}/${total}`}
    </span>
  </div>
);
