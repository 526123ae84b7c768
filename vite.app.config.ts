import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Puts scripts and styles into the page: hosts show a view as one text, and let it load nothing. */
const oneFile: Plugin = {
  name: 'one-file',
  enforce: 'post',
  generateBundle: (_options, bundle) => {
    const textOf = (name: string): string => {
      const file = bundle[name];
      if (file === undefined) throw new Error(`The page refers to ${name}, which was not built.`);
      delete bundle[name];
      return file.type === 'chunk' ? file.code : String(file.source);
    };
    for (const page of Object.values(bundle)) {
      if (page.type !== 'asset' || !page.fileName.endsWith('.html')) continue;
      page.source = String(page.source)
        .replaceAll(/<script type="module"[^>]* src="\.\/([^"]+)"><\/script>/g, (_tag, name: string) => {
          // Whatever the code holds, the script must not end before its end.
          return `<script type="module">${textOf(name).replaceAll('</script', '<\\/script')}</script>`;
        })
        .replaceAll(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/g, (_tag, name: string) => {
          return `<style>${textOf(name)}</style>`;
        });
    }
    const rest = Object.keys(bundle).filter((name) => !name.endsWith('.html'));
    if (rest.length > 0) throw new Error(`The job view is one file, but these are left: ${rest.join(', ')}`);
  },
};

/** The job view that MCP clients show (`ui://claude-orchestrator/job`): one HTML file, dist/app/job.html. */
export default defineConfig({
  root: here('src/presentation/dashboard/app'),
  base: './',
  publicDir: false,
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false }), oneFile],
  build: {
    outDir: here('dist/app'),
    emptyOutDir: true,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: ['chrome125', 'firefox129', 'safari18'],
    rolldownOptions: {
      input: here('src/presentation/dashboard/app/job.html'),
      output: { codeSplitting: false },
    },
  },
});
