import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findProgram } from '../../../src/infrastructure/process/findProgram.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-program-'));
  for (const name of ['a', 'b', 'closed']) await mkdir(join(folder, name));
  await mkdir(join(folder, 'a', 'tool'));
  await writeFile(join(folder, 'a', 'text'), '', { mode: 0o644 });
  await writeFile(join(folder, 'b', 'tool'), '', { mode: 0o755 });
  await writeFile(join(folder, 'b', 'text'), '', { mode: 0o755 });
});
afterEach(async () => {
  await chmod(join(folder, 'closed'), 0o700);
  await rm(folder, { recursive: true });
});

it('finds the first file on PATH that can be executed, past folders and mere texts', () => {
  const path = `${folder}/a:${folder}/b`;
  expect(findProgram('tool', path, '/')).toBe(join(folder, 'b', 'tool'));
  expect(findProgram('text', path, '/')).toBe(join(folder, 'b', 'text'));
});

it('goes on past folders that are missing or closed', async () => {
  await chmod(join(folder, 'closed'), 0o000);
  expect(findProgram('tool', `${folder}/missing::${folder}/closed:${folder}/b`, '/')).toBe(
    join(folder, 'b', 'tool'),
  );
});

it('reads a name with a slash as a path from the working folder, and never looks along PATH for it', () => {
  expect(findProgram('./tool', `${folder}/b`, join(folder, 'b'))).toBe(join(folder, 'b', 'tool'));
  expect(findProgram('./tool', `${folder}/b`, join(folder, 'a'))).toBeUndefined();
  expect(findProgram('tool', undefined, join(folder, 'b'))).toBeUndefined();
});
