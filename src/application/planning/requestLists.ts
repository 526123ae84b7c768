import { actionsIn } from './actionWords.ts';
import { isHeadingLike, type ScannedText, scanText } from './listMarkers.ts';
import { isWork } from './listRole.ts';
import { type ListRun, listRuns } from './listRuns.ts';
import { findChain } from './requestChain.ts';

/** `after` is a closing sentence that asks for something once everything else is done. */
export type ItemKind = 'numbered' | 'bulleted' | 'chain' | 'after';

export type RequestItem = {
  /** The item's own words, verbatim, without its marker; sub-items and code stay with it. */
  readonly text: string;
  readonly kind: ItemKind;
  /** Which of the request's lists it stands in, from 0. */
  readonly group: number;
  /** The number that the request gives it, where it does. */
  readonly number: number | undefined;
  /** The line that introduces its list, where the request has several. */
  readonly intro: string;
};

export type RequestLists = {
  readonly items: readonly RequestItem[];
  /** Text of the request that belongs to no item: it is context for all of them. */
  readonly before: string;
  readonly after: string;
};

/**
 * The explicit parts of a request: its numbered and bulleted lists, else a "First … then … finally" chain.
 * Lists of conditions, examples or evidence are context and no parts. A list of thousands is pasted data. Undefined where there is no list of
 * two parts or more. Linear in the length of the request.
 */
export const findRequestLists = (request: string): RequestLists | undefined => {
  const text = scanText(request);
  const lists = text === undefined ? undefined : listsIn(text);
  if (lists !== undefined) return lists;
  const chain = findChain(request);
  if (chain === undefined) return undefined;
  const items = chain.items.map((item, at) => ({
    text: item,
    kind: 'chain' as const,
    group: 0,
    number: at + 1,
    intro: '',
  }));
  return { items, before: chain.before, after: chain.after };
};

const listsIn = (text: ScannedText): RequestLists | undefined => {
  const all = listRuns(text);
  const runs = all.filter((run, at) => isWork(introOf(text, run, all[at - 1]?.end ?? 0)));
  const lists = fromRuns(text, runs);
  return lists.items.length > 1 ? lists : undefined;
};

const fromRuns = (text: ScannedText, runs: readonly ListRun[]): RequestLists => {
  const items: RequestItem[] = [];
  const before: string[] = [];
  let at = 0;
  for (const [group, run] of runs.entries()) {
    const start = run.markers[0]?.line ?? at;
    const { rest, intro } = splitIntro(linesOf(text, at, start));
    const parted = runs.length > 1;
    before.push(parted ? rest : linesOf(text, at, start).trim());
    for (const item of itemsOf(text, run)) {
      // A ticked box is done: worth knowing, not worth a worker.
      if (/^\[[xX]\]\s/.test(item.text)) before.push(item.text);
      else items.push({ ...item, group, intro: parted ? intro : '' });
    }
    at = run.end;
  }
  const closing = splitClosing(linesOf(text, at, text.lines.length).trim());
  if (closing.task !== '') {
    items.push({ text: closing.task, kind: 'after', group: runs.length, number: undefined, intro: '' });
  }
  return { items, before: before.filter((part) => part !== '').join('\n\n'), after: closing.rest };
};

const linesOf = (text: ScannedText, from: number, to: number): string =>
  text.lines.slice(from, to).join('\n');

const itemsOf = (
  text: ScannedText,
  run: ListRun,
): { text: string; kind: 'numbered' | 'bulleted'; number: number | undefined }[] =>
  run.markers.flatMap((marker, at) => {
    const end = run.markers[at + 1]?.line ?? run.end;
    const first = (text.lines[marker.line] ?? '').slice(marker.textAt);
    const words = [first, ...text.lines.slice(marker.line + 1, end)].join('\n').trim();
    if (words === '') return [];
    const kind = marker.style === 'bulleted' ? ('bulleted' as const) : ('numbered' as const);
    return [{ text: words, kind, number: kind === 'bulleted' ? undefined : marker.number }];
  });

/** The last line with words before a list and not before line `from`. */
const introOf = (text: ScannedText, run: ListRun, from: number): string => {
  let line = (run.markers[0]?.line ?? 0) - 1;
  while (line >= from && (text.lines[line] ?? '').trim() === '') line--;
  return line < from ? '' : (text.lines[line] ?? '').trim();
};

/** Parts a text before a list into what concerns everything and the heading of that list. */
const splitIntro = (text: string): { rest: string; intro: string } => {
  const trimmed = text.trim();
  const cut = trimmed.lastIndexOf('\n') + 1;
  const line = trimmed.slice(cut);
  return isHeadingLike(line)
    ? { rest: trimmed.slice(0, cut).trim(), intro: line }
    : { rest: trimmed, intro: '' };
};

const AFTER_ALL =
  /^(?:and\s{1,3})?(?:finally|lastly|then|afterwards?|after (?:that|this|all)|(?:once|when|after) (?:all|everything|these|they|both|the)\b[^,\n]{0,80},)[,:]?\s/i;

/** A first closing paragraph that says what to do when all is done is a task of its own, not context. */
const splitClosing = (closing: string): { task: string; rest: string } => {
  const gap = closing.indexOf('\n\n');
  const first = gap < 0 ? closing : closing.slice(0, gap);
  if (!AFTER_ALL.test(first) || actionsIn(first.slice(0, 2000), 1).length === 0)
    return { task: '', rest: closing };
  return { task: first, rest: gap < 0 ? '' : closing.slice(gap).trim() };
};
