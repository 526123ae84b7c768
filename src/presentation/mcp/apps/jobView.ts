import { RESOURCE_MIME_TYPE } from '@modelcontextprotocol/ext-apps/server';
import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import { abilitiesIn, abilitiesOf } from '../clientAbilities.ts';
import { resourceError } from '../errorResult.ts';
import { leanJsonSchema } from '../publishedSchema.ts';
import type { JobListing } from '../resources/jobResources.ts';
import type { Tool } from '../tool.ts';
import type { ToolPreset } from '../tools/index.ts';
import { type ViewSettings, withSettings } from './viewSettings.ts';

const JOB_VIEW = 'ui://claude-orchestrator/job';

/** What is written into the page as well: hosts keep the page, which may be older than the server it speaks of. */
const SETTINGS = `${JOB_VIEW}/settings`;

/** The tools whose answer is a job. */
const SHOWS_A_JOB: ReadonlySet<string> = new Set(['orchestrate', 'job_status', 'job_wait', 'job_result']);

const META = { ui: { resourceUri: JOB_VIEW } } as const;

const SHOWN = {
  title: 'Job view',
  description: 'A job live: progress, the graph of its tasks, a timeline, cancel and retry',
  mimeType: RESOURCE_MIME_TYPE,
  // No domains are asked for: the view has everything in it and reaches no network.
  _meta: { ui: { prefersBorder: true } },
} as const;

export type JobViewOptions = {
  readonly era: 'legacy' | 'modern';
  readonly preset: ToolPreset;
  readonly tools: readonly Tool[];
  readonly listJobs: () => Promise<JobListing>;
  /** The built view: one HTML file. */
  readonly appView: () => Promise<string>;
  /** Where a person may open the dashboard; undefined where none runs. */
  readonly dashboardUrl: (() => Promise<string | undefined>) | undefined;
};

/** A tool as the SDK lists it, and with its view where that is wanted. */
const listed = (tool: Tool, withView: boolean) => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: { ...leanJsonSchema(tool.input, 'input'), type: 'object' as const },
  annotations: tool.annotations,
  ...(withView && SHOWS_A_JOB.has(tool.name) ? { _meta: META } : {}),
  outputSchema: leanJsonSchema(tool.output, 'output'),
});

/**
 * Offers the job view (extension MCP Apps) to clients that show such views. To all others tools and resources are
 * listed as if there were none. A 2025 client over HTTP, whose handshake is forgotten by the time that it lists
 * tools, gets the links: it pays 70 tokens for that, where a client that shows views would lose the view.
 */
export const offerJobView = (server: McpServer, options: JobViewOptions): void => {
  const { era, preset, tools, listJobs, appView, dashboardUrl } = options;
  const wantsViews = (context: ServerContext): boolean => {
    if (era === 'modern') return abilitiesOf(context).apps;
    const handshake = server.server.getClientCapabilities();
    return handshake === undefined || abilitiesIn(handshake).apps;
  };
  const settings = async (): Promise<ViewSettings> => {
    const dashboard = await dashboardUrl?.().catch(() => undefined);
    return { tools: preset, ...(dashboard === undefined ? {} : { dashboard }) };
  };

  server.registerResource('job-view', JOB_VIEW, SHOWN, async () => {
    try {
      const text = withSettings(await appView(), await settings());
      return { contents: [{ uri: JOB_VIEW, mimeType: SHOWN.mimeType, text, _meta: SHOWN._meta }] };
    } catch (thrown) {
      throw resourceError(JOB_VIEW, thrown);
    }
  });
  server.registerResource('job-view-settings', SETTINGS, { mimeType: 'application/json' }, async () => ({
    contents: [{ uri: SETTINGS, mimeType: 'application/json', text: JSON.stringify(await settings()) }],
  }));
  // The SDK's own lists are the same for every client, so these two stand in for them.
  server.server.setRequestHandler('tools/list', (_request, context) => {
    const withView = wantsViews(context);
    return { tools: tools.map((tool) => listed(tool, withView)) };
  });
  server.server.setRequestHandler('resources/list', async (_request, context) => {
    const { resources } = await listJobs();
    const view = { uri: JOB_VIEW, name: 'job-view', ...SHOWN };
    return { resources: wantsViews(context) ? [view, ...resources] : [...resources] };
  });
};
