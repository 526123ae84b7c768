import {
  Client,
  type ClientCapabilities,
  type ElicitResult,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { z } from 'zod';
import { AGENT } from './httpServer.ts';

const questionSchema = z.looseObject({
  mode: z.string().optional(),
  message: z.string(),
  url: z.string().optional(),
  requestedSchema: z
    .looseObject({ properties: z.looseObject({ decision: z.looseObject({ enum: z.array(z.string()) }) }) })
    .optional(),
});
/** What the client was asked to show its person, and how the test lets that person answer. */
export type Asked = z.infer<typeof questionSchema> & {
  readonly answer: (result: ElicitResult) => void;
  /** Aborts when the server takes the question back. */
  readonly withdrawn: AbortSignal;
};

const resultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});
export type Called = z.infer<typeof resultSchema>;

export type SessionClient = {
  readonly client: Client;
  readonly sessionId: string | undefined;
  readonly call: (name: string, args: Record<string, unknown>, signal?: AbortSignal) => Promise<Called>;
  /** Starts a job whose worker `t1` moves only when it is told to; gives its id. */
  readonly start: () => Promise<string>;
  readonly move: (job_id: string, message: string) => Promise<Called>;
  /** The next question, in the order in which they came; rejects after 20 s. */
  readonly asked: () => Promise<Asked>;
  /** Questions so far. */
  readonly count: () => number;
  /** Breaks all connections as a client does that is gone: nothing is said to the server. */
  readonly vanish: () => Promise<void>;
};

const DEADLINE_MS = 20_000;

/** A real client of the 2025 era over HTTP that says it can put questions to its person. */
export const connectAskable = async (
  url: string,
  o: { readonly token?: string; readonly elicitation?: ClientCapabilities['elicitation'] } = {},
): Promise<SessionClient> => {
  const questions: Asked[] = [];
  let taken = 0;
  let wake = (): void => {};
  const client = new Client(
    { name: 'askable', version: '1.0.0' },
    { versionNegotiation: { mode: 'legacy' }, capabilities: { elicitation: o.elicitation ?? { form: {} } } },
  );
  client.setRequestHandler(
    'elicitation/create',
    ({ params }, { mcpReq }) =>
      new Promise<ElicitResult>((resolve) => {
        questions.push({ ...questionSchema.parse(params), answer: resolve, withdrawn: mcpReq.signal });
        wake();
      }),
  );
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${o.token ?? AGENT}` } },
  });
  await client.connect(transport);

  const call: SessionClient['call'] = async (name, args, signal) =>
    resultSchema.parse(
      await client.callTool(
        { name, arguments: args },
        { timeout: 50_000, ...(signal === undefined ? {} : { signal }) },
      ),
    );
  return {
    client,
    sessionId: transport.sessionId,
    call,
    start: async () => {
      const { structuredContent } = await call('orchestrate', { request: 'Mend it', workspace: '/w' });
      return String(structuredContent?.job_id);
    },
    move: (job_id, message) => call('job_steer', { job_id, task_id: 't1', action: 'message', message }),
    asked: async () => {
      const at = taken;
      taken += 1;
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      for (;;) {
        const question = questions[at];
        if (question !== undefined) return question;
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          deadline.addEventListener('abort', () => reject(new Error(`question ${at + 1} did not come`)), {
            once: true,
          });
        });
      }
    },
    count: () => questions.length,
    vanish: () => client.close(),
  };
};
