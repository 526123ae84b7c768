import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownPrograms } from '../../../src/infrastructure/safety/ownProgram.ts';
import { rememberedLinks } from '../../../src/infrastructure/safety/realPlace.ts';

test('a file of this package is known by any link, one of another package is not', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'own-program-'));
  try {
    const own = new URL('../../../src/main.ts', import.meta.url).pathname;
    await mkdir(path.join(folder, 'dist'));
    await writeFile(path.join(folder, 'package.json'), '{"name":"other"}');
    await writeFile(path.join(folder, 'dist/main.js'), '');
    await symlink(own, path.join(folder, 'co'));
    const files = [own, path.join(folder, 'co'), path.join(folder, 'dist/main.js'), '/nowhere/main.js'];
    expect([...(await ownPrograms(files, rememberedLinks()))]).toEqual(files.slice(0, 2));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
