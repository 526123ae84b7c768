import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listReports, readNewReports } from '../../../src/infrastructure/verify/reportFiles.ts';

let root: string;
let elsewhere: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'report-files-'));
  elsewhere = await mkdtemp(join(tmpdir(), 'report-files-'));
});
afterEach(() => Promise.all([root, elsewhere].map((folder) => rm(folder, { recursive: true, force: true }))));

describe('report files', () => {
  it('are read where a command wrote them, and not where they stood before', async () => {
    await mkdir(join(root, 'test-results'));
    await mkdir(join(root, 'reports'));
    await writeFile(join(root, 'test-results', 'old.xml'), 'old');
    await writeFile(join(root, 'junit.xml'), 'same length');
    const before = await listReports(root);
    expect(await readNewReports(root, before)).toEqual([]);
    await rm(join(root, 'junit.xml'));
    await writeFile(join(root, 'junit.xml'), 'other words');
    await writeFile(join(root, 'test-results', 'new.xml'), 'new');
    await writeFile(join(root, 'reports', 'junit.xml'), 'report');
    await writeFile(join(root, 'pom.xml'), 'no report');
    expect(await readNewReports(root, before)).toEqual(['other words', 'report', 'new']);
  });

  it('are not followed out of the folder, and no pipe is waited for', async () => {
    await writeFile(join(elsewhere, 'junit.xml'), 'secret');
    await symlink(join(elsewhere, 'junit.xml'), join(root, 'junit.xml'));
    await symlink(elsewhere, join(root, 'test-results'));
    await execa('mkfifo', [join(root, 'test-results.xml')]);
    expect(await readNewReports(root, new Map())).toEqual([]);
  });

  it('are none in a folder that is gone', async () => {
    expect(await readNewReports(join(root, 'missing'), await listReports(join(root, 'missing')))).toEqual([]);
  });
});
