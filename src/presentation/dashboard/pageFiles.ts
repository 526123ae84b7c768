import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a build leaves beside a file, smallest first. */
export const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;
export type Encoding = (typeof ENCODINGS)[number]['name'];

const MIME: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export type PageFile = {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoded: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>;
};

/** Regular files alone, however deep: a link, also one to a folder, is neither a file nor a folder here. */
const filesIn = (folder: string): readonly string[] =>
  entriesOf(folder).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(at);
    return entry.isFile() ? [at] : [];
  });

const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
};

const read = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(file));

/**
 * The files of a built page by their path in it (`/assets/app-1a2b.js`), read once: what is asked for later is
 * looked up here and never on the disk, so no path leads out of the folder. Symbolic links are no files of it.
 * Empty where there is no such folder.
 */
export const readPageFiles = (folder: string): ReadonlyMap<string, PageFile> => {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of filesIn(folder)) {
    files.set(`/${path.relative(folder, file).split(path.sep).join('/')}`, read(file));
  }
  const page = new Map<string, PageFile>();
  for (const [name, bytes] of files) {
    if (ENCODINGS.some(({ suffix }) => name.endsWith(suffix))) continue;
    const encoded: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>> = {};
    for (const { name: encoding, suffix } of ENCODINGS) {
      const smaller = files.get(`${name}${suffix}`);
      if (smaller !== undefined) encoded[encoding] = smaller;
    }
    page.set(name, {
      type: MIME[path.extname(name)] ?? 'application/octet-stream',
      etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      bytes,
      encoded,
    });
  }
  return page;
};
