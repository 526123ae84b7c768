import { useId, useMemo } from 'preact/hooks';
import type { DiffFile } from '../model/diffFiles.ts';
import { diffRowsOf } from '../model/diffLines.ts';
import { Counts } from './Counts.tsx';
import { DiffRows } from './DiffRows.tsx';

type Props = {
  readonly file: DiffFile;
  readonly open: boolean;
  readonly isReadOnly: boolean;
  readonly onToggle: () => void;
};

/** A file of the diff; its lines are read only when it is opened. */
export const DiffFileView = ({ file, open, isReadOnly, onToggle }: Props) => {
  const body = useId();
  const moved = file.change === 'renamed' || file.change === 'copied';
  return (
    <article class="diff-file">
      <h3 class="diff-file-head">
        <button type="button" aria-expanded={open} aria-controls={body} onClick={onToggle}>
          <span class="diff-twist" aria-hidden="true">
            {open ? '▾' : '▸'}
          </span>
          <code>
            {moved && <span class="quiet">{file.oldPath} → </span>}
            {file.path}
          </code>
          {file.change !== 'modified' && <span class="diff-change">{file.change}</span>}
          <Counts file={file} />
        </button>
      </h3>
      <div id={body}>{open && <OpenFile file={file} isReadOnly={isReadOnly} />}</div>
    </article>
  );
};

const OpenFile = ({ file, isReadOnly }: Pick<Props, 'file' | 'isReadOnly'>) => {
  const rows = useMemo(() => diffRowsOf(file), [file]);
  if (file.binary) return <p class="diff-none quiet">A binary file; its content is not shown.</p>;
  if (rows.length === 0) return <p class="diff-none quiet">Only its name or mode changed.</p>;
  return <DiffRows path={file.path} rows={rows} isReadOnly={isReadOnly} />;
};
