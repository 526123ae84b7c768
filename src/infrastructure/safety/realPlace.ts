import { readlink } from 'node:fs/promises';
import path from 'node:path';

/** As the kernel: a chain of more links than this is a circle. */
const MOST_LINKS = 40;

/** What a link at this absolute path says; undefined for what is no link, or is not there. */
export type ReadLink = (name: string) => Promise<string | undefined>;

/**
 * Where a write to this absolute path would land: links are followed one component after the other as the kernel
 * does, also those that lead to nothing yet, and what does not exist is kept as it is named. `..` goes up from
 * where a link has led, not from where it stands.
 */
export const realPlace = async (name: string, read: ReadLink = linkTarget): Promise<string> => {
  const { root } = path.parse(name);
  const open = parts(name.slice(root.length));
  let at = root;
  let links = 0;
  for (let part = open.shift(); part !== undefined; part = open.shift()) {
    if (part === '..') {
      at = path.dirname(at);
      continue;
    }
    const next = path.join(at, part);
    const target = links < MOST_LINKS ? await read(next) : undefined;
    if (target === undefined) {
      at = next;
      continue;
    }
    links++;
    if (path.isAbsolute(target)) at = path.parse(target).root;
    open.unshift(...parts(path.isAbsolute(target) ? target.slice(at.length) : target));
  }
  return at;
};

const parts = (text: string): string[] => text.split(path.sep).filter((part) => part !== '' && part !== '.');

const linkTarget: ReadLink = async (name) => {
  try {
    return await readlink(name);
  } catch {
    return undefined;
  }
};

/** Reads each link once, for many paths that are looked up at the same time. */
export const rememberedLinks = (): ReadLink => {
  const known = new Map<string, Promise<string | undefined>>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const target = linkTarget(name);
    known.set(name, target);
    return target;
  };
};
