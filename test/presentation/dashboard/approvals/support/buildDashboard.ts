import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the whole dashboard into `folder`, as it is shipped. */
export const buildDashboard = async (folder: string): Promise<void> => {
  await build({
    configFile: fileURLToPath(new URL('../../../../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, reportCompressedSize: false },
  });
};
