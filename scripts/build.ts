import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/**
 * Bundles the product into dist/: one entry, with what is loaded later in chunks of its own, so that a client's
 * first `initialize` parses little. Packages that find files beside themselves stay outside.
 */
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  // Stack traces name our functions in the log.
  keepNames: false,
  legalComments: 'none',
  external: ['@anthropic-ai/claude-agent-sdk', 'pino', 'pino-pretty'],
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await chmod('dist/main.js', 0o755);
