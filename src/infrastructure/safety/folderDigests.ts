import { createHash, type Hash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../process/codeOf.ts';
import { unhashable } from './unhashable.ts';

/** Looked up at the same time: more only wait for each other. */
const AT_ONCE = 64;

const SLASH = Buffer.from('/');
const END = Buffer.from('\0');

/** A folder still to be read; names are bytes, since not every name is text. */
type Open = { readonly place: Buffer; readonly below: Buffer };

/**
 * Digests of the folders that one call names: SHA-256 in hex over everything below, in a fixed order. A file counts
 * by path, kind, mode, size and times in nanoseconds (that of its last change too, which nobody can set back); a link
 * by where it leads, and it is not followed; a folder by path, mode and what is in it, so that a file that came and
 * went again leaves no trace. git's own folder in the worktree is left out: it changes with every look at it.
 */
export class FolderDigests {
  readonly #known = new Map<string, string>();
  readonly #ownGit: Buffer;
  readonly #signal: AbortSignal;
  readonly #most: number;
  #left: number;

  /** @param worktree without links. @param most entries of all these folders together. */
  constructor(worktree: string, most: number, signal: AbortSignal) {
    this.#ownGit = Buffer.from(path.join(worktree, '.git'));
    this.#most = most;
    this.#left = most;
    this.#signal = signal;
  }

  /**
   * @param name as the call names it. @param real without links.
   * @throws DangerousOperationError where there is too much below it, or something that cannot be read.
   */
  async of(name: string, real: string): Promise<string> {
    const known = this.#known.get(real);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    const open: Open[] = [{ place: Buffer.from(real), below: Buffer.alloc(0) }];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop())
      open.push(...(await this.#read(name, folder, hash)));
    const digest = hash.digest('hex');
    this.#known.set(real, digest);
    return digest;
  }

  /** Takes in what is in a folder. @returns the folders in it. */
  async #read(name: string, { place, below }: Open, hash: Hash): Promise<readonly Open[]> {
    const within = place.at(-1) === SLASH[0] ? place : Buffer.concat([place, SLASH]);
    const entries = (await unlessGone(name, readdir(place, { encoding: 'buffer' }))) ?? [];
    const inside = entries
      .map((entry) => ({
        place: Buffer.concat([within, entry]),
        below: Buffer.concat(below.length === 0 ? [entry] : [below, SLASH, entry]),
      }))
      .filter((each) => !each.place.equals(this.#ownGit))
      .sort((a, b) => Buffer.compare(a.below, b.below));
    this.#left -= inside.length;
    if (this.#left < 0)
      throw unhashable(
        name,
        `below which, and below the other folders that it names, lie more than ${this.#most} files`,
      );
    const folders: Open[] = [];
    for (let at = 0; at < inside.length; at += AT_ONCE) {
      this.#signal.throwIfAborted();
      const facts = await Promise.all(
        inside.slice(at, at + AT_ONCE).map(async (each) => ({ each, fact: await factOf(name, each.place) })),
      );
      for (const { each, fact } of facts) {
        if (fact === undefined) continue;
        hash.update(each.below).update(END).update(fact.text).update(END);
        hash.update(fact.target).update(END);
        if (fact.isFolder) folders.push(each);
      }
    }
    return folders;
  }
}

const factOf = async (name: string, place: Buffer) => {
  const stat = await unlessGone(name, lstat(place, { bigint: true }));
  if (stat === undefined) return undefined;
  const isFolder = stat.isDirectory();
  // The mode says of what kind it is.
  const mode = stat.mode.toString(8);
  const target = stat.isSymbolicLink()
    ? await unlessGone(name, readlink(place, { encoding: 'buffer' }))
    : undefined;
  return {
    isFolder,
    text: isFolder ? mode : [mode, stat.size, stat.rdev, stat.mtimeNs, stat.ctimeNs].join(' '),
    target: target ?? '',
  };
};

/** What went away meanwhile, or is another kind now, is not there: the next look is another one then. */
const GONE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'EINVAL']);

const unlessGone = <T>(name: string, looked: Promise<T>): Promise<T | undefined> =>
  looked.catch((thrown: unknown) => {
    const code = codeOf(thrown);
    if (GONE.has(code)) return undefined;
    throw unhashable(name, `in which something cannot be read (${code ?? 'unknown'})`);
  });
