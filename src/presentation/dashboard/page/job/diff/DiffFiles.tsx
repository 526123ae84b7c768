import { useRef, useState } from 'preact/hooks';
import type { DiffFile } from '../model/diffFiles.ts';
import { Counts } from './Counts.tsx';
import { DiffFileView } from './DiffFileView.tsx';

/** So many lines are open from the start; the rest waits to be asked for. */
const OPEN_LINES = 400;
const LISTED = 300;

const openedAtFirst = (files: readonly DiffFile[]): ReadonlySet<number> => {
  let lines = 0;
  const open = new Set<number>();
  for (const [index, file] of files.entries()) {
    lines += file.added + file.removed;
    if (lines > OPEN_LINES) break;
    open.add(index);
  }
  return open;
};

type DiffFilesProps = {
  readonly files: readonly DiffFile[];
  /** Nobody is there to hear a comment on a line. */
  readonly isReadOnly?: boolean;
};

/** The list of files, and under it each file with its lines. */
export const DiffFiles = ({ files, isReadOnly = false }: DiffFilesProps) => {
  const [open, setOpen] = useState(() => openedAtFirst(files));
  const [shown, setShown] = useState(LISTED);
  const views = useRef<HTMLDivElement>(null);
  const toggle = (index: number, to: boolean): void => {
    const next = new Set(open);
    if (to) next.add(index);
    else next.delete(index);
    setOpen(next);
  };
  const go = (index: number): void => {
    if (index >= shown) setShown(index + 1);
    toggle(index, true);
    requestAnimationFrame(() => {
      const view = views.current?.children[index];
      view?.scrollIntoView({ block: 'start' });
      view?.querySelector('button')?.focus({ preventScroll: true });
    });
  };
  return (
    <div class="diff">
      <details class="diff-list" open={files.length <= 30}>
        <summary>{files.length === 1 ? '1 file' : `${files.length} files`}</summary>
        <ul>
          {files.map((file, index) => (
            <li key={file.path}>
              <button type="button" class="job-link" onClick={() => go(index)}>
                {file.path}
              </button>
              <Counts file={file} />
            </li>
          ))}
        </ul>
      </details>
      <div ref={views} class="diff-files">
        {files.slice(0, shown).map((file, index) => (
          <DiffFileView
            key={file.path}
            file={file}
            isReadOnly={isReadOnly}
            open={open.has(index)}
            onToggle={() => toggle(index, !open.has(index))}
          />
        ))}
      </div>
      {shown < files.length && (
        <button type="button" class="button" onClick={() => setShown(shown + LISTED)}>
          Show {Math.min(LISTED, files.length - shown)} more files
        </button>
      )}
    </div>
  );
};
