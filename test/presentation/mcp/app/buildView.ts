import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';

const ROOT = path.join(import.meta.dirname, '../../../..');

/** Builds the job view into `folder` as the product does. @returns the page. */
export const buildView = async (folder: string): Promise<string> => {
  await build({
    configFile: path.join(ROOT, 'vite.app.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return readFile(path.join(folder, 'job.html'), 'utf8');
};
