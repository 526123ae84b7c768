import { execFileSync } from 'node:child_process';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import { build } from 'esbuild';
import { build as buildPage } from 'vite';

/**
 * Bundles the product into dist/: the program and the client, with what is loaded later in chunks of their own,
 * so that a client's first `initialize` parses little; and the dashboard's page beside them. Packages that find
 * files beside themselves stay outside.
 */
// Whoever builds, a test runner too: development code would carry the folders of this machine.
process.env.NODE_ENV = 'production';
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/main.ts', client: 'src/presentation/client/index.ts' },
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
  external: ['@anthropic-ai/claude-agent-sdk', 'pino', 'pino-pretty', 'jsonc-parser'],
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await chmod('dist/main.js', 0o755);
await buildPage({ logLevel: 'warn' });
// One file that MCP clients show beside an answer; it is handed out as it is.
await buildPage({ configFile: 'vite.app.config.ts', logLevel: 'warn' });

/** Compressed once here instead of at each request. */
const assets = path.join('dist', 'dashboard', 'assets');
for (const name of await readdir(assets)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const file = path.join(assets, name);
  const bytes = await readFile(file);
  await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  await writeFile(
    `${file}.br`,
    brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY } }),
  );
}

// What a program that imports `claude-orchestrator/client` sees.
execFileSync('tsc', ['-p', 'tsconfig.client.json'], { stdio: 'inherit' });
