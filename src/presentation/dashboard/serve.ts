import { type Context, Hono } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import type { HttpEnv } from '../http/env.ts';
import { HttpRefusal } from '../http/refusal.ts';
import { ENCODINGS, type Encoding, type PageFile, readPageFiles } from './pageFiles.ts';

const INDEX = '/index.html';

/** Names under `/assets/` hold a hash of what is in them: they never change. */
const FOREVER = 'public, max-age=31536000, immutable';

const notFound = () => new HttpRefusal(404, 'There is no such file.', 'Open / for the dashboard.');

const notBuilt = () =>
  new HttpRefusal(404, 'The dashboard is not part of this build.', 'Build it with npm run build.');

/** A view of the page's own router: its last part has no extension, or is the id of a task, which may hold dots. */
const isView = (path: string): boolean =>
  path.startsWith('/jobs/') || (!path.startsWith('/assets/') && !/\.[^/]*$/.test(path));

const encodingFor = (c: Context<HttpEnv>, file: PageFile): Encoding | undefined => {
  const accepted = parseAccept(c.req.header('Accept-Encoding') ?? '');
  return ENCODINGS.map(({ name }) => name).find(
    (name) =>
      file.encoded[name] !== undefined &&
      accepted.some(({ type, q }) => q > 0 && type.toLowerCase() === name),
  );
};

const answer = (c: Context<HttpEnv>, path: string, file: PageFile): Response => {
  const headers = new Headers({ 'Content-Type': file.type, Vary: 'Accept-Encoding' });
  if (path === INDEX) headers.set('Cache-Control', 'no-store');
  else {
    headers.set('Cache-Control', path.startsWith('/assets/') ? FOREVER : 'no-cache');
    headers.set('ETag', file.etag);
    if (c.req.header('If-None-Match') === file.etag) return new Response(null, { status: 304, headers });
  }
  const encoding = encodingFor(c, file);
  if (encoding !== undefined) headers.set('Content-Encoding', encoding);
  const bytes = (encoding === undefined ? undefined : file.encoded[encoding]) ?? file.bytes;
  headers.set('Content-Length', String(bytes.byteLength));
  return new Response(c.req.method === 'HEAD' ? null : bytes, { headers });
};

/**
 * The dashboard: files of `folder` (`dist/dashboard`, as the build leaves it, with `.br` and `.gz` beside what
 * compresses), and its index for every path that one of its views could have.
 */
export const createPageRoutes = (folder: string): Hono<HttpEnv> => {
  const files = readPageFiles(folder);
  return new Hono<HttpEnv>().all('*', (c) => {
    const { method, path } = c.req;
    if (method !== 'GET' && method !== 'HEAD') {
      throw new HttpRefusal(405, 'The dashboard is only read.', 'Use GET.', { Allow: 'GET, HEAD' });
    }
    if (files.size === 0) throw notBuilt();
    const wanted = files.has(path) || !isView(path) ? path : INDEX;
    const file = files.get(wanted);
    if (file === undefined) throw notFound();
    return answer(c, wanted, file);
  });
};
