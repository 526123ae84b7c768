import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The dashboard: hashed files that a content security policy of `default-src 'self'` lets through, so nothing
 * is inlined, neither as a script or style nor as a `data:` address.
 */
export default defineConfig({
  root: here('src/presentation/dashboard/page'),
  base: '/',
  publicDir: false,
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: here('dist/dashboard'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome125', 'firefox129', 'safari18'],
    reportCompressedSize: true,
  },
});
