import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import type { SampleEvent, SampleJob } from './sampleJob.ts';

export type JobServer = {
  readonly origin: string;
  /** What was posted, oldest first. */
  readonly posts: { readonly path: string; readonly body: unknown }[];
  /** How often the whole job was read. */
  reads(): number;
  /** Adds a happening and tells every stream of it. */
  happen(job: SampleJob, type: string, fields: object): void;
  /** Adds to a task's log. */
  print(job: SampleJob, taskId: string, text: string): void;
  /** Ends every open stream, as a proxy or a restart would. */
  cut(): void;
  close(): Promise<void>;
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  map: 'application/json',
};
const PIECE = 64_000;

/** The built page, with its answers from made-up jobs, under the server's own content policy. */
export const serveJobs = async (folder: string, jobs: readonly SampleJob[]): Promise<JobServer> => {
  const posts: JobServer['posts'] = [];
  const listeners = new Set<{ response: ServerResponse; job: SampleJob; taskId: string | undefined }>();
  let reads = 0;
  const write = (response: ServerResponse, event: string, id: number, data: object): void => {
    response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const printed = (response: ServerResponse, text: string, from: number, to: number): void => {
    for (let at = from; at < to; at += PIECE) {
      const piece = text.slice(at, Math.min(to, at + PIECE));
      write(response, 'log', at + piece.length, { offset: at, text: piece, size: text.length });
    }
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, , , kind, jobId, part, taskId, leaf] = pathname.split('/').map(decodeURIComponent);
    response.setHeader('content-security-policy', "default-src 'self'; style-src 'self'");
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      posts.push({ path: pathname, body: JSON.parse(body) });
      response.setHeader('content-type', 'application/json').end('{}');
      return;
    }
    if (kind === 'jobs') {
      const job = jobs.find((candidate) => candidate.id === jobId);
      const stream = request.headers.accept?.includes('text/event-stream') === true;
      if (job === undefined) {
        response.writeHead(404, { 'content-type': 'application/problem+json' });
        response.end(
          JSON.stringify({
            detail: 'There is no such job.',
            hint: 'Look at the list.',
            code: 'JOB_NOT_FOUND',
          }),
        );
      } else if (part === undefined) {
        if (searchParams.get('view') === 'whole') reads += 1;
        response.setHeader('content-type', 'application/json').end(JSON.stringify(job.whole));
      } else if (part === 'events' && stream) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const after = Number(request.headers['last-event-id'] ?? 0);
        for (const event of job.events) if (event.seq > after) write(response, 'happening', event.seq, event);
        response.write(': here\n\n');
        const entry = { response, job, taskId: undefined };
        listeners.add(entry);
        response.on('close', () => listeners.delete(entry));
      } else if (leaf === 'log' && taskId !== undefined) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const text = job.logs.get(taskId) ?? '';
        printed(response, text, Number(request.headers['last-event-id'] ?? 0), text.length);
        response.write(': here\n\n');
        const entry = { response, job, taskId };
        listeners.add(entry);
        response.on('close', () => listeners.delete(entry));
      } else if (part === 'diff') response.setHeader('content-type', 'text/x-diff').end(job.diff);
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(job.result));
      return;
    }
    if (pathname.startsWith('/assets/')) {
      const file = join(folder, normalize(pathname));
      try {
        const content = await readFile(file);
        response.setHeader('content-type', TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain').end(content);
      } catch {
        response.writeHead(404).end();
      }
      return;
    }
    response
      .setHeader('content-type', 'text/html')
      .end(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Job</title><link rel="stylesheet" href="/assets/page.css"><script type="module" src="/assets/page.js"></script></head><body><main id="app"></main></body></html>',
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    posts,
    reads: () => reads,
    happen: (job, type, fields) => {
      const seq = job.events.length + 1;
      const event: SampleEvent = { seq, at: new Date().toISOString(), type, ...fields };
      job.events.push(event);
      job.whole.seq = seq;
      for (const one of listeners)
        if (one.job === job && one.taskId === undefined) write(one.response, 'happening', seq, event);
    },
    print: (job, taskId, text) => {
      const before = job.logs.get(taskId) ?? '';
      job.logs.set(taskId, before + text);
      for (const one of listeners)
        if (one.job === job && one.taskId === taskId)
          printed(one.response, before + text, before.length, before.length + text.length);
    },
    cut: () => {
      for (const one of listeners) one.response.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
