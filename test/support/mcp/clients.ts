import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';
import { AGENT } from './httpServer.ts';
import { FIXTURE_SERVER } from './rawClient.ts';

export type ProgressNote = {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
};
export type CallOptions = {
  readonly signal?: AbortSignal;
  readonly onprogress?: (note: ProgressNote) => void;
};

const resultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(
    z.looseObject({ type: z.string(), text: z.string().optional(), uri: z.string().optional() }),
  ),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});
export type CallResult = z.infer<typeof resultSchema>;

const textsSchema = z.looseObject({ contents: z.array(z.looseObject({ text: z.string() })) });
const valuesSchema = z.looseObject({ completion: z.looseObject({ values: z.array(z.string()) }) });

/** What the tests ask of a client, whichever SDK it is of. */
export type TestClient = {
  readonly call: (name: string, args: Record<string, unknown>, options?: CallOptions) => Promise<CallResult>;
  readonly tools: () => Promise<readonly { readonly name: string }[]>;
  readonly resources: () => Promise<readonly string[]>;
  readonly templates: () => Promise<readonly string[]>;
  readonly read: (uri: string) => Promise<string>;
  readonly prompt: (name: string, args: Record<string, string>) => Promise<string>;
  readonly complete: (
    uri: string,
    name: string,
    value: string,
    given?: Record<string, string>,
  ) => Promise<readonly string[]>;
  readonly instructions: () => string | undefined;
  /** Follows a resource; `onUpdate` hears the URIs of the updates. */
  readonly follow: (uri: string, onUpdate: (uri: string) => void) => Promise<void>;
  readonly close: () => Promise<void>;
};

const server = () => ({ command: process.execPath, args: [FIXTURE_SERVER], stderr: 'ignore' as const });
const info = { name: 'test', version: '1.0.0' };

/** Who asks over HTTP; without it the fixture server is started over stdio. */
export type Over = {
  readonly url: string;
  readonly token?: string;
  /** It says that it can ask its person, and so has a session in the 2025 era. */
  readonly asks?: boolean;
};

const can = (over: Over | undefined) =>
  over?.asks === true ? { capabilities: { elicitation: { form: {} } } } : {};

const http = ({ url, token = AGENT }: Over) =>
  [new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }] as const;

/** @modelcontextprotocol/sdk 1.x: the 2025 era. */
export const connectOld = async (over?: Over): Promise<TestClient> => {
  const client = new OldClient(info, can(over));
  await client.connect(over === undefined ? new OldTransport(server()) : new OldHttp(...http(over)));
  return {
    call: async (name, args, options) =>
      resultSchema.parse(await client.callTool({ name, arguments: args }, undefined, options)),
    tools: async () => (await client.listTools()).tools,
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    read: async (uri) => textsSchema.parse(await client.readResource({ uri })).contents[0]?.text ?? '',
    prompt: async (name, args) =>
      JSON.stringify((await client.getPrompt({ name, arguments: args })).messages),
    complete: async (uri, name, value, given) =>
      valuesSchema.parse(
        await client.complete({
          ref: { type: 'ref/resource', uri },
          argument: { name, value },
          ...(given === undefined ? {} : { context: { arguments: given } }),
        }),
      ).completion.values,
    instructions: () => client.getInstructions(),
    follow: async (uri, onUpdate) => {
      client.fallbackNotificationHandler = async ({ method, params }) => {
        if (method === 'notifications/resources/updated') onUpdate(String(params?.uri));
      };
      await client.subscribeResource({ uri });
    },
    close: () => client.close(),
  };
};

/** @modelcontextprotocol/client 2.x, in the era that is asked for. */
export const connectNew = async (mode: 'legacy' | 'auto', over?: Over): Promise<TestClient> => {
  const client = new ModernClient(info, { versionNegotiation: { mode }, ...can(over) });
  await client.connect(over === undefined ? new ModernTransport(server()) : new ModernHttp(...http(over)));
  return {
    call: async (name, args, options) =>
      resultSchema.parse(await client.callTool({ name, arguments: args }, options)),
    tools: async () => (await client.listTools()).tools,
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    read: async (uri) => textsSchema.parse(await client.readResource({ uri })).contents[0]?.text ?? '',
    prompt: async (name, args) =>
      JSON.stringify((await client.getPrompt({ name, arguments: args })).messages),
    complete: async (uri, name, value, given) =>
      valuesSchema.parse(
        await client.complete({
          ref: { type: 'ref/resource', uri },
          argument: { name, value },
          ...(given === undefined ? {} : { context: { arguments: given } }),
        }),
      ).completion.values,
    instructions: () => client.getInstructions(),
    follow: async (uri, onUpdate) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => onUpdate(params.uri));
      if (mode === 'legacy') await client.subscribeResource({ uri });
      else await client.listen({ resourceSubscriptions: [uri] });
    },
    close: () => client.close(),
  };
};
