import { HOME } from '../../markers.ts';
import { type Finding, readsTree } from '../rule.ts';

/** Of one text; a longer list is no program that a person would read. */
const MOST_PATHS = 64;

/** No path is longer that a one-liner spells out. */
const MOST_TEXT = 400;

/** Texts between quotes, by each of the three; a quote that nothing closes near it is none. */
const stringsOf = (code: string): readonly string[] => {
  const found: string[] = [];
  for (let at = code.search(/["'`]/u); at !== -1 && at < code.length; at += 1) {
    const quote = code[at] ?? '';
    if (quote !== '"' && quote !== "'" && quote !== '`') continue;
    const text = code.slice(at + 1, at + 1 + MOST_TEXT);
    const end = text.indexOf(quote);
    if (end === -1 || text.slice(0, end).includes('\n')) continue;
    found.push(text.slice(0, end));
    at += end + 1;
  }
  return found;
};

/** What stands for a folder in front of a path: `${process.env.HOME}/x`, `#{Dir.home}/x`, `$HOME/x`, `{home}/x`. */
const FOLDER = /^(?:[$#]?\{[^{}]*\}|\$\w+(?:\{\w+\}|\[['"]?\w+['"]?\])?)(?=\/)/u;

const placesOf = (text: string): readonly string[] => {
  const named = text.replace(/^file:\/\//u, '').replace(/^[<>+|\s]+/u, '');
  if (/^~\w*\//u.test(named)) return [named.replace(/^~\w*/u, HOME)];
  if (FOLDER.test(named)) return [named.replace(FOLDER, HOME)];
  if (/^\.\.?\//u.test(named)) return [named];
  // `home + '/.ssh/id'`: what a string begins with a dot in the root is meant for a home.
  if (/^\/\./u.test(named)) return [named, `${HOME}${named}`];
  return /^\/[\w.]/u.test(named) ? [named] : [];
};

/** Words by which code goes down into folders. */
const WALKS =
  /\b(walk\w*|copytree|r?glob\w*|scandir|cpSync|cp|tarfile|make_archive|Find|Dir|FileUtils|\w*Directory\w*|recursive|opendir|fwalk)\b/u;

/**
 * Paths that code names as literal strings: whatever it does with them, it gets at what is there, so each counts
 * as read, with all that lies below where the code goes down into folders. A string that is no path reads nothing.
 */
export const literalPaths = (code: string): readonly Finding[] => {
  const found = stringsOf(code).flatMap(placesOf);
  return readsTree(
    [...new Set(found)].filter((path) => !/\s/u.test(path)).slice(0, MOST_PATHS),
    WALKS.test(code),
  );
};
