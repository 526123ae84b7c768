import { McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { offerJobView } from './apps/jobView.ts';
import { EXTENSIONS } from './clientAbilities.ts';
import { type Asked, createAsked } from './elicit/asked.ts';
import { createElicitation } from './elicit/elicitation.ts';
import { instructions } from './instructions.ts';
import { createProgressReport } from './progressReport.ts';
import { registerLoopPrompt } from './prompts/orchestrateLoop.ts';
import type { ApiProvider } from './provider.ts';
import { registerTools } from './registerTools.ts';
import { registerJobResources } from './resources/jobResources.ts';
import { createResourceUpdates } from './resources/resourceUpdates.ts';
import { registerTaskMethods } from './tasks/taskMethods.ts';
import type { ToolContext } from './tool.ts';
import { type ToolPreset, toolsOf } from './tools/index.ts';

export type McpServerOptions = {
  readonly version: string;
  /** The protocol's revision: `legacy` up to 2025-11-25, `modern` from 2026-07-28 on. Default `legacy`. */
  readonly era?: 'legacy' | 'modern';
  /** Default `full`. */
  readonly tools?: ToolPreset;
  /**
   * How changes of resources are told: `connection` on the connection itself (default), `elsewhere` by the
   * serving entry while this instance lives for one request only, `never` where nothing outlives a request.
   */
  readonly updates?: 'connection' | 'elsewhere' | 'never';
  /** Reads the job view (`dist/app/job.html`), for clients that show such; without it none is offered. */
  readonly appView?: (() => Promise<string>) | undefined;
  /** Where the dashboard can be opened, without a slash at the end; the view offers a link to it. */
  readonly dashboardUrl?: (() => Promise<string | undefined>) | undefined;
  /**
   * Whether there is a server to ask. Clients list resources when they only look at a server (as `claude mcp list`
   * does), and a look must not start one; without this, the provider is asked.
   */
  readonly isRunning?: (() => Promise<boolean>) | undefined;
  /** What the client was asked, where this instance lives for one request only; without it, the instance keeps it. */
  readonly asked?: Asked;
};

export type McpConnection = {
  readonly server: McpServer;
  /** Opens the orchestrator and feeds its events to the client's subscriptions from now on. */
  readonly watch: () => Promise<void>;
};

/** One server for one connection, or for one request over HTTP. Nothing is opened before a call needs it. */
export const createMcpConnection = (provider: ApiProvider, options: McpServerOptions): McpConnection => {
  const {
    era = 'legacy',
    tools: preset = 'full',
    updates = 'connection',
    appView,
    dashboardUrl,
    isRunning,
    asked = createAsked(),
  } = options;
  const tools = toolsOf(preset);
  const tellsUpdates = updates !== 'never';
  const server = new McpServer(
    { name: 'claude-orchestrator', title: 'Claude Orchestrator', version: options.version },
    {
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { subscribe: tellsUpdates, listChanged: tellsUpdates },
        ...(era === 'modern' ? { extensions: { [EXTENSIONS.tasks]: {} } } : {}),
      },
      instructions: instructions(preset),
    },
  );
  const resourceUpdates = updates === 'connection' ? createResourceUpdates(server, era) : undefined;
  const api: ApiProvider = async () => {
    const opened = await provider();
    resourceUpdates?.follow(opened);
    return opened;
  };
  const watch = async (): Promise<void> => {
    await api();
  };
  const toolContext = (context: ServerContext): ToolContext => ({
    api,
    signal: context.mcpReq.signal,
    onProgress: createProgressReport(context),
  });

  registerTools(server, tools, toolContext, createElicitation({ server, era, asked }));
  const listJobs = registerJobResources(server, api, isRunning);
  if (appView !== undefined) offerJobView(server, { era, preset, tools, listJobs, appView, dashboardUrl });
  registerLoopPrompt(server);
  resourceUpdates?.acceptSubscriptions(watch);
  if (era === 'modern') registerTaskMethods(server, api, toolContext, asked);
  return { server, watch };
};
