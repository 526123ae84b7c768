import { unquotePath } from './gitPath.ts';

export type FileChange = 'added' | 'deleted' | 'renamed' | 'copied' | 'modified';
/** One file of a diff: what the list shows, and its text, which is read only where somebody opens it. */
export type DiffFile = {
  readonly path: string;
  readonly oldPath: string;
  readonly change: FileChange;
  readonly binary: boolean;
  readonly added: number;
  readonly removed: number;
  readonly text: string;
};

const START = 'diff --git ';

/** The files of what `git diff` printed, in its order. Lines of content never begin with `diff --git`. */
export const diffFilesOf = (diff: string): readonly DiffFile[] => {
  const starts: number[] = [];
  let at = diff.startsWith(START) ? 0 : diff.indexOf(`\n${START}`) + 1;
  if (at === 0 && !diff.startsWith(START)) return [];
  while (at !== -1) {
    starts.push(at);
    const next = diff.indexOf(`\n${START}`, at);
    at = next === -1 ? -1 : next + 1;
  }
  return starts.map((start, index) => fileOf(diff.slice(start, starts[index + 1] ?? diff.length)));
};

const fileOf = (text: string): DiffFile => {
  const body = text.indexOf('\n@@');
  const head = (body === -1 ? text : text.slice(0, body + 1)).split('\n');
  const value = (prefix: string): string | undefined =>
    head.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  const from = sidePath(value('--- ')) ?? plainPath(value('rename from ') ?? value('copy from '));
  const to = sidePath(value('+++ ')) ?? plainPath(value('rename to ') ?? value('copy to '));
  const named = pathOfFirstLine(head[0] ?? '');
  const change = changeOf(value);
  return {
    path: to ?? (change === 'deleted' ? from : undefined) ?? named,
    oldPath: from ?? named,
    change,
    binary: head.some((line) => line.startsWith('Binary files ') || line === 'GIT binary patch'),
    ...(body === -1 ? { added: 0, removed: 0 } : countLines(text, body + 1)),
    text,
  };
};

const changeOf = (value: (prefix: string) => string | undefined): FileChange => {
  if (value('new file mode ') !== undefined) return 'added';
  if (value('deleted file mode ') !== undefined) return 'deleted';
  if (value('rename to ') !== undefined) return 'renamed';
  return value('copy to ') === undefined ? 'modified' : 'copied';
};

/** The path of a `---` or `+++` line; git ends it with a tab where it has a space in it. */
const sidePath = (line: string | undefined): string | undefined => {
  const path = line === undefined ? undefined : unquotePath(line.replace(/\t$/, ''));
  return path === undefined || path === '/dev/null' ? undefined : path.replace(/^[ab]\//, '');
};

const plainPath = (line: string | undefined): string | undefined =>
  line === undefined ? undefined : unquotePath(line);

/** `diff --git a/x b/x` of a file without content: both halves name the same path. */
const pathOfFirstLine = (line: string): string => {
  const rest = line.slice(START.length);
  const half = rest.slice(0, Math.floor(rest.length / 2));
  return unquotePath(half).replace(/^a\//, '');
};

const countLines = (text: string, from: number): { added: number; removed: number } => {
  let added = 0;
  let removed = 0;
  for (let at = from; at < text.length && at !== 0; at = text.indexOf('\n', at) + 1) {
    const sign = text.charCodeAt(at);
    if (sign === 43) added += 1;
    else if (sign === 45) removed += 1;
  }
  return { added, removed };
};
