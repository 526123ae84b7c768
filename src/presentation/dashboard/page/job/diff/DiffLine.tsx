import type { DiffRow } from '../model/diffLines.ts';
import type { Token } from '../model/highlightTokens.ts';

type Props = {
  readonly row: DiffRow;
  readonly index: number;
  readonly tokens: readonly Token[] | undefined;
  readonly stop: boolean;
  readonly chosen: boolean;
  /** Pixels from the beginning, where only some of the lines are drawn. */
  readonly top: number | undefined;
  /** Undefined where lines are only read. */
  readonly onComment: (() => void) | undefined;
};

const SIGNS = { added: '+', removed: '−', same: ' ' } as const;
/** What a page can hold in one line without getting slow. */
const LONGEST = 2000;

/** A line of a file with its numbers; a press on them, or on the line, opens a comment. Code is always text. */
export const DiffLine = ({ row, index, tokens, stop, chosen, top, onComment }: Props) => {
  const style = top === undefined ? {} : { style: { transform: `translateY(${top}px)` } };
  if (row.kind === 'hunk') {
    return (
      <div class="diff-line is-hunk" data-row={index} {...style}>
        <code>{row.text.slice(0, LONGEST)}</code>
      </div>
    );
  }
  const what = row.kind === 'added' ? 'added line' : row.kind === 'removed' ? 'removed line' : 'line';
  const long = row.text.length > LONGEST;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same by keys
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button in it does the same by keys
    <div
      class={`diff-line is-${row.kind}${chosen ? ' is-chosen' : ''}`}
      data-row={index}
      onClick={() => {
        // Who marks text wants to copy it.
        if (getSelection()?.isCollapsed !== false) onComment?.();
      }}
      {...style}
    >
      {onComment === undefined ? (
        <span class="diff-number is-fixed">
          <span class="hidden-words">{what}</span>
          <span class="diff-n">{row.before ?? ''}</span>
          <span class="diff-n">{row.after ?? ''}</span>
        </span>
      ) : (
        <button
          type="button"
          class="diff-number"
          tabIndex={stop ? 0 : -1}
          data-line={index}
          aria-expanded={chosen}
          onClick={(event) => {
            event.stopPropagation();
            onComment();
          }}
        >
          <span class="hidden-words">Comment on {what}</span>
          <span class="diff-n">{row.before ?? ''}</span>
          <span class="diff-n">{row.after ?? ''}</span>
        </button>
      )}
      <span class="diff-sign" aria-hidden="true">
        {SIGNS[row.kind]}
      </span>
      <code>
        {tokens === undefined || long
          ? row.text.slice(0, LONGEST)
          : tokens.map((token, place) =>
              token.classes === '' ? (
                token.text
              ) : (
                <span key={place} class={token.classes}>
                  {token.text}
                </span>
              ),
            )}
        {long && <span class="diff-cut"> … {row.text.length - LONGEST} more characters</span>}
      </code>
    </div>
  );
};
