import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { build } from 'vite';

const PAGE = join(import.meta.dirname, '../../../../../src/presentation/dashboard/page');
const ENTRY = 'virtual:job-page';

/** The job page alone, in the dashboard's look, at the address of the dashboard's page. */
const source = `
import '${PAGE}/theme.css';
import '${PAGE}/ui/ui.css';
import { h, render } from 'preact';
import { LocationProvider, Route, Router } from 'preact-iso';
import { JobPage } from '${PAGE}/job/JobPage.tsx';
const Page = ({ jobId }) => h(JobPage, { key: jobId, jobId });
const routes = h(Router, null, h(Route, { path: '/jobs/:jobId/:rest*', component: Page }));
render(h(LocationProvider, null, routes), document.getElementById('app'));
`;

/** Builds the page into `folder`, as \`assets/page.js\`, \`assets/page.css\` and what is loaded later. */
export const buildJobPage = async (folder: string): Promise<void> => {
  await build({
    root: PAGE,
    configFile: false,
    logLevel: 'error',
    plugins: [
      preact(),
      {
        name: 'job-page-entry',
        resolveId: (id) => (id === ENTRY ? join(PAGE, 'jobPageEntry.js') : undefined),
        load: (id) => (id === join(PAGE, 'jobPageEntry.js') ? source : undefined),
      },
    ],
    build: {
      outDir: folder,
      emptyOutDir: true,
      cssCodeSplit: false,
      rollupOptions: {
        input: ENTRY,
        output: {
          entryFileNames: 'assets/page.js',
          chunkFileNames: 'assets/[name].js',
          assetFileNames: 'assets/page[extname]',
        },
      },
    },
  });
};
