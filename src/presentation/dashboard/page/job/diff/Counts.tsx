import type { DiffFile } from '../model/diffFiles.ts';

export const Counts = ({ file }: { readonly file: DiffFile }) => (
  <span class="diff-counts number">
    {file.binary ? (
      'binary'
    ) : (
      <>
        <span class="diff-plus">+{file.added}</span> <span class="diff-minus">−{file.removed}</span>
      </>
    )}
  </span>
);
