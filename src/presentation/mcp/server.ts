import { McpServer } from '@modelcontextprotocol/server';
import { INSTRUCTIONS } from './instructions.ts';
import { createProgressReport } from './progressReport.ts';
import { registerLoopPrompt } from './prompts/orchestrateLoop.ts';
import type { ApiProvider } from './provider.ts';
import { publishedSchema } from './publishedSchema.ts';
import { registerJobResources } from './resources/jobResources.ts';
import { createResourceUpdates } from './resources/resourceUpdates.ts';
import { TOOLS } from './tools/index.ts';

export type McpServerOptions = {
  readonly version: string;
  /** `modern` where the serving entry routes updates to subscriptions itself (2026-07-28). Default `legacy`. */
  readonly era?: 'legacy' | 'modern';
};

export type McpConnection = {
  readonly server: McpServer;
  /** Opens the orchestrator and feeds its events to the client's subscriptions from now on. */
  readonly watch: () => Promise<void>;
};

/** One server for one connection. Nothing is opened before a call needs it. */
export const createMcpConnection = (provider: ApiProvider, options: McpServerOptions): McpConnection => {
  const server = new McpServer(
    { name: 'claude-orchestrator', title: 'Claude Orchestrator', version: options.version },
    {
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { subscribe: true, listChanged: true },
      },
      instructions: INSTRUCTIONS,
    },
  );
  const updates = createResourceUpdates(server, options.era ?? 'legacy');
  const api: ApiProvider = async () => {
    const opened = await provider();
    updates.follow(opened);
    return opened;
  };
  const watch = async (): Promise<void> => {
    await api();
  };

  for (const tool of TOOLS) {
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: publishedSchema(tool.input, 'input'),
        outputSchema: publishedSchema(tool.output, 'output'),
        annotations: tool.annotations,
      },
      (args, context) =>
        tool.call(args, { api, signal: context.mcpReq.signal, onProgress: createProgressReport(context) }),
    );
  }
  registerJobResources(server, api);
  updates.acceptSubscriptions(watch);
  registerLoopPrompt(server);
  return { server, watch };
};
