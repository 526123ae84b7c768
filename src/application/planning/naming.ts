import { type TaskId, taskIdSchema } from '../../domain/ids.ts';

const TITLE = 100;
const SLUG = 40;

const LEAD =
  /^(?:(?:\[[ xX]\]|and|then|next|after that|afterwards?|finally|lastly|first|firstly|secondly|thirdly|please)[,:]?\s{1,3}){1,3}/i;

/** A title for a task from the first line of what it asks for: no markup, no leading "then", at most 100 characters. */
export const titleOf = (text: string): string => {
  const line = firstLine(text)
    .replace(/[`*#]{1,6}/g, '')
    .trim();
  const bare = line
    .replace(LEAD, '')
    .replace(/[\s,;:.]{1,8}$/, '')
    .trim();
  const title = bare === '' ? line : bare;
  const upper = title.charAt(0).toUpperCase() + title.slice(1);
  if (upper.length <= TITLE) return upper === '' ? 'Task' : upper;
  // A cut may fall into a character of two code units.
  return `${upper
    .slice(0, TITLE - 1)
    .trimEnd()
    .toWellFormed()}…`;
};

const firstLine = (text: string): string => {
  const start = text.trimStart();
  const end = start.indexOf('\n');
  return (end < 0 ? start : start.slice(0, end)).slice(0, 400);
};

/** An id that a person recognises in a branch name: the task's place (from 0) and its title's first words. */
export const taskIdOf = (place: number, title: string): TaskId => {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG)
    // A dash at either end would double the one that joins the parts.
    .replace(/^-|-$/g, '');
  return taskIdSchema.parse(slug === '' ? `${place + 1}-task` : `${place + 1}-${slug}`);
};
