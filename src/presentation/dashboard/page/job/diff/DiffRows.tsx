import { useRef, useState } from 'preact/hooks';
import type { DiffRow } from '../model/diffLines.ts';
import { useVirtualRows } from '../ui/useVirtualRows.ts';
import { CommentBox } from './CommentBox.tsx';
import { DiffLine } from './DiffLine.tsx';
import { useColours } from './useColours.ts';

type Props = {
  readonly path: string;
  readonly rows: readonly DiffRow[];
  readonly isReadOnly: boolean;
};

/** More rows than this are drawn only as far as they can be seen. */
const MANY = 500;
const ROW_HEIGHT = 20;

/** The lines of a file. One stop of the tab key; arrows go from line to line, Enter writes a comment. */
export const DiffRows = ({ path, rows, isReadOnly }: Props) => {
  const colours = useColours(path, rows);
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(rows[0]?.kind === 'hunk' ? 1 : 0);
  const [comment, setComment] = useState<number>();
  const many = rows.length > MANY;
  const virtual = useVirtualRows(box, many ? rows.length : 0, ROW_HEIGHT);

  const focus = (index: number): void => {
    setAt(index);
    if (many) virtual.scrollTo(index, 'auto');
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-row="${index}"] button`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.line === undefined) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    let next = at + step;
    while (rows[next]?.kind === 'hunk') next += step;
    if (rows[next] !== undefined) focus(next);
  };
  const line = (row: DiffRow, index: number, top?: number) => (
    <DiffLine
      key={index}
      row={row}
      index={index}
      tokens={colours.get(row)}
      stop={index === at}
      chosen={index === comment}
      top={top}
      onComment={
        isReadOnly
          ? undefined
          : () => {
              setAt(index);
              setComment(index === comment ? undefined : index);
            }
      }
    />
  );
  const commented = comment === undefined ? undefined : rows[comment];
  const form = commented !== undefined && comment !== undefined && (
    <CommentBox
      key={`comment ${comment}`}
      path={path}
      row={commented}
      onClose={() => {
        setComment(undefined);
        focus(comment);
      }}
    />
  );
  // Without the buttons of its lines it is scrolled by keys as a whole.
  const reading = isReadOnly
    ? { role: 'region' as const, tabIndex: 0, 'aria-label': `Lines of ${path}` }
    : {};
  if (many) {
    return (
      <>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it */}
        <div ref={box} class="diff-rows is-many" onKeyDown={onKeyDown} {...reading}>
          <div class="diff-space" style={{ height: `${virtual.height}px` }}>
            {virtual.items.map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : line(row, item.index, item.start);
            })}
          </div>
        </div>
        {form}
      </>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it
    <div ref={box} class="diff-rows" onKeyDown={onKeyDown} {...reading}>
      <div class="diff-flow">
        {rows.flatMap((row, index) => [line(row, index), index === comment && form])}
      </div>
    </div>
  );
};
