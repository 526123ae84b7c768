import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { createPageRoutes } from '../../../src/presentation/dashboard/serve.ts';
import { ask, raw, startHttp, withKey } from './support.ts';

const INDEX = '<!doctype html><title>dashboard</title>';
const SCRIPT = 'console.log("the page")';

const builtPage = (): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'page-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(path.join(root, 'secret.txt'), 'outside the folder');
  const page = path.join(root, 'dashboard');
  mkdirSync(path.join(page, 'assets'), { recursive: true });
  writeFileSync(path.join(page, 'index.html'), INDEX);
  writeFileSync(path.join(page, 'favicon.svg'), '<svg/>');
  writeFileSync(path.join(page, 'assets', 'app-1a2b.js'), SCRIPT);
  writeFileSync(path.join(page, 'assets', 'app-1a2b.js.gz'), gzipSync(SCRIPT));
  writeFileSync(path.join(page, 'assets', 'app-1a2b.css'), 'a{}');
  symlinkSync(path.join(root, 'secret.txt'), path.join(page, 'assets', 'link.txt'));
  symlinkSync(root, path.join(page, 'assets', 'folder'));
  return page;
};

const start = () => startHttp({ parts: { page: createPageRoutes(builtPage()) } });

it('gives the index for every view of the page, never stored', async () => {
  const server = await start();
  for (const view of [
    '/',
    '/jobs',
    '/jobs/job_0000000000000001',
    '/jobs/job_1/tasks/t1?tab=log',
    '/index.html',
  ]) {
    const answer = await ask(server, { path: view });
    expect([view, answer.status, answer.body]).toEqual([view, 200, INDEX]);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'x-frame-options': 'DENY',
    });
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  }
  expect(await ask(server, { method: 'HEAD', path: '/' })).toMatchObject({ status: 200, body: '' });
});

it('gives hashed files for ever, compressed where the build has it and the browser takes it', async () => {
  const server = await start();
  const plain = await ask(server, { path: '/assets/app-1a2b.js' });
  expect(plain).toMatchObject({ status: 200, body: SCRIPT });
  expect(plain.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
    vary: expect.stringContaining('Accept-Encoding'),
  });
  const packed = await ask(server, {
    path: '/assets/app-1a2b.js',
    headers: { 'Accept-Encoding': 'br, gzip;q=0.5' },
  });
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-length': String(gzipSync(SCRIPT).length),
  });
  const refused = await ask(server, {
    path: '/assets/app-1a2b.js',
    headers: { 'Accept-Encoding': 'gzip;q=0' },
  });
  expect(refused.headers['content-encoding']).toBeUndefined();
  expect((await ask(server, { path: '/assets/app-1a2b.css' })).headers['content-type']).toContain('text/css');
  expect((await ask(server, { path: '/favicon.svg' })).headers['content-type']).toBe('image/svg+xml');
  const again = { 'If-None-Match': plain.headers.etag };
  expect(await ask(server, { path: '/assets/app-1a2b.js', headers: again })).toMatchObject({
    status: 304,
    body: '',
  });
});

it('nothing outside the folder is reached, by dots, by their codes, or by links', async () => {
  const server = await start();
  for (const target of [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/..\\..\\secret.txt',
    '/assets/....//....//secret.txt',
    '/assets/link.txt',
    '/assets/folder/secret.txt',
    '//etc/passwd.txt',
    '/assets/app-1a2b.js%00.txt',
    '/assets/app-1a2b.js/',
    '/assets/app-1a2b.js.gz',
    '/assets/none',
    '/assets',
  ]) {
    const answer = await raw(
      server,
      `GET ${target} HTTP/1.1\r\nHost: ${server.host}\r\nConnection: close\r\n\r\n`,
    );
    expect([target, answer]).not.toEqual([target, expect.stringContaining('outside the folder')]);
    expect([target, answer]).not.toEqual([target, expect.stringContaining('root:')]);
    if (target !== '/assets')
      expect([target, answer.slice(9, 12)]).toEqual([target, expect.stringMatching(/40[04]/)]);
  }
});

it('is only read, and never stands in for an unknown path of the API', async () => {
  const server = await start();
  const post = await ask(server, { method: 'POST', path: '/jobs' });
  expect(post).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  for (const target of [
    '/api/v1/nothing',
    '/api/nothing',
    '/api',
    '/mcp/nothing',
    '/health/nothing',
    '/.well-known/nothing',
  ]) {
    const answer = await ask(server, { path: target, headers: withKey });
    expect([target, answer.status, answer.headers['content-type']]).toEqual([
      target,
      404,
      'application/problem+json',
    ]);
  }
});

it('without a built page it says so', async () => {
  const server = await startHttp({ parts: { page: createPageRoutes('/nowhere/at/all') } });
  expect(await ask(server, { path: '/' })).toMatchObject({
    status: 404,
    body: expect.stringContaining('npm run build'),
  });
});
