import { type DiffFile, diffFilesOf } from '../../job/model/diffFiles.ts';
import { shownText } from '../../ui/shownText.ts';

/**
 * The files of what a tool would write, with what cannot be seen in them spelled out. A unified diff without git's
 * own first line is one of `path`.
 */
export const filesOfApproval = (diff: string, path: string): readonly DiffFile[] => {
  const text = diff.split('\n').map(visibleLine).join('\n');
  const files = diffFilesOf(text);
  if (files.length > 0) return files;
  const name = shownText(path).replaceAll('\n', '⏎');
  const [file] = diffFilesOf(`diff --git a/${name} b/${name}\n${text}`);
  return file === undefined ? [] : [file];
};

/** A tab is drawn as one, and wide indentation is ordinary in a diff. */
const visibleLine = (line: string): string =>
  line
    .split(/([ \t]+)/)
    .map((part) => (/^[ \t]/.test(part) ? part : shownText(part)))
    .join('');
