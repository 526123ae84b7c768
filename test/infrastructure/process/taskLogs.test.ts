import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobIdSchema, taskIdSchema } from '../../../src/domain/ids.ts';
import { createTaskLogs } from '../../../src/infrastructure/process/taskLogs.ts';

const job = jobIdSchema.parse('job_0123456789abcdef');
const task = taskIdSchema.parse('build');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'task-logs-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

type Logs = ReturnType<typeof createTaskLogs>;

/** Reads page by page, as `task_output` does. */
const readAll = async (logs: Logs, limit: number): Promise<{ pages: string[]; size: number }> => {
  const pages: string[] = [];
  let size = 0;
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page = await logs.read(job, task, offset, limit);
    pages.push(page.text);
    ({ size } = page);
    offset = page.nextOffset;
  }
  return { pages, size };
};

const bytesOnDisk = async (): Promise<number> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};

describe('task logs', () => {
  it('give back in pages, of any size, exactly what was appended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 15 }),
        fc.integer({ min: 1, max: 40 }),
        async (texts, limit) => {
          await rm(dir, { recursive: true, force: true });
          const logs = createTaskLogs(dir);
          for (const text of texts) logs.append(job, task, text);
          const { pages, size } = await readAll(logs, limit);
          expect(pages.join('')).toBe(texts.join(''));
          expect(size).toBe(texts.join('').length);
          expect(pages.every((page) => page.isWellFormed() && page.length <= Math.max(limit, 2))).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never split a character, wherever a page is asked to begin', async () => {
    const logs = createTaskLogs(dir);
    logs.append(job, task, 'a🙂b');
    expect(await logs.read(job, task, 2, 1)).toEqual({ text: '🙂', size: 4, nextOffset: 3 });
    expect((await logs.read(job, task, 0, 2)).text).toBe('a');
  });

  it('keep head and tail within their bytes, and mark the gap with what is missing', async () => {
    const logs = createTaskLogs(dir, 4000);
    const lines = Array.from({ length: 5000 }, (_, n) => `line ${n} é\n`);
    for (const line of lines) logs.append(job, task, line);
    await logs.flush();
    expect(await bytesOnDisk()).toBeLessThanOrEqual(4000);
    expect(await bytesOnDisk()).toBeGreaterThan(2900);
    const { pages, size } = await readAll(logs, 700);
    const [head = '', missing, tail = ''] = pages.join('').split(/\n\[… (\d+) characters cut …\]\n/);
    const all = lines.join('');
    expect(all.startsWith(head)).toBe(true);
    expect(all.endsWith(tail)).toBe(true);
    expect(tail).toContain('line 4999 é');
    expect(Number(missing)).toBe(all.length - head.length - tail.length);
    expect(size).toBe(all.length);
  });

  it('keep the memory and the disk bounded for one endless line', async () => {
    const logs = createTaskLogs(dir, 4000);
    const piece = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 20; n += 1) logs.append(job, task, piece);
    expect(await bytesOnDisk()).toBeLessThanOrEqual(4000);
    expect((await logs.read(job, task, 0, 10)).size).toBe(20 * piece.length);
  });

  it('lead a reader on to the same place while the log grows', async () => {
    const logs = createTaskLogs(dir, 4000);
    logs.append(job, task, 'first '.repeat(100));
    const { nextOffset = 0 } = await logs.read(job, task, 0, 100);
    logs.append(job, task, `${'filling '.repeat(5000)}last`);
    const second = await logs.read(job, task, nextOffset, 12);
    expect(second.text).toBe('first first '.slice(100 % 6, (100 % 6) + 12).padEnd(12, 'first '));
    const end = await logs.read(job, task, second.size - 4, 100);
    expect(end).toEqual({ text: 'last', size: second.size, nextOffset: undefined });
  });

  it('are read and gone on with after a restart', async () => {
    const before = createTaskLogs(dir, 4000);
    before.append(job, task, 'attempt 1 🙂\n'.repeat(500));
    await before.flush();
    const { size } = await before.read(job, task, 0, 1);
    const after = createTaskLogs(dir, 4000);
    expect((await after.read(job, task, 0, 12)).text).toBe('attempt 1 🙂');
    after.append(job, task, 'attempt 2');
    expect(await after.read(job, task, size, 100)).toEqual({
      text: 'attempt 2',
      size: size + 9,
      nextOffset: undefined,
    });
  });

  it('of a task that wrote nothing, and past the end, are empty', async () => {
    const logs = createTaskLogs(dir);
    expect(await logs.read(job, task, 0, 10)).toEqual({ text: '', size: 0, nextOffset: undefined });
    logs.append(job, task, 'abc');
    expect(await logs.read(job, task, 99, 10)).toEqual({ text: '', size: 3, nextOffset: undefined });
  });

  it('of tasks whose ids differ by case only are two, on any disk, closed to others', async () => {
    const logs = createTaskLogs(dir);
    logs.append(job, task, 'small');
    logs.append(job, taskIdSchema.parse('Build'), 'large');
    await logs.flush();
    expect((await logs.read(job, task, 0, 10)).text).toBe('small');
    const folders = await readdir(join(dir, job));
    expect(new Set(folders.map((name) => name.toLowerCase())).size).toBe(2);
    expect((await stat(join(dir, job, folders[0] ?? ''))).mode & 0o077).toBe(0);
    expect((await stat(join(dir, job, folders[0] ?? '', '0.log'))).mode & 0o077).toBe(0);
  });

  it('do not disturb the worker when the disk refuses, and tell it once at the next flush', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    const logs = createTaskLogs(file);
    logs.append(job, task, 'x'.repeat(300_000));
    await expect(logs.flush()).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
    await expect(logs.flush()).resolves.toBeUndefined();
  });

  it('reach the disk by themselves, without a call a line', async () => {
    const logs = createTaskLogs(dir);
    logs.append(job, task, 'one ');
    logs.append(job, task, 'two');
    expect(await bytesOnDisk()).toBe(0);
    await expect.poll(bytesOnDisk, { timeout: 30_000, interval: 20 }).toBe(7);
  });

  it('of more tasks than are remembered keep what each was told', async () => {
    const logs = createTaskLogs(dir);
    const ids = Array.from({ length: 600 }, (_, n) => taskIdSchema.parse(`t${n}`));
    for (const round of ['a', 'b']) for (const id of ids) logs.append(job, id, `${round}${id} `);
    await logs.flush();
    for (const id of ids) expect((await logs.read(job, id, 0, 100)).text).toBe(`a${id} b${id} `);
  });
});
