import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { hasEnded, type JobAnswer, jobAnswerSchema } from '../../demo/answers.ts';
import { type Usage, usageOf } from '../measure/command.ts';
import { timed } from '../measure/cpuTimes.ts';
import { watchTree } from '../measure/processTree.ts';
import { baseEnvironment, type Ground } from './contender.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CALL_TIMEOUT_MS = 60_000;
const WAIT_SECONDS = 45;

export const serverEnvironment = (ground: Ground): Record<string, string> => ({
  ...baseEnvironment(ground),
  ORCHESTRATOR_STATE_DIR: join(ground.root, 'state'),
  ORCHESTRATOR_WORKTREES_DIR: join(ground.root, 'worktrees'),
  ORCHESTRATOR_ALLOWED_ROOTS: ground.root,
  ORCHESTRATOR_WORKER_ENV: 'GIT_CONFIG_NOSYSTEM',
});

export type JobCalls = {
  /** Submits a job and waits for its end. @throws where it does not succeed. */
  runJob(body: Readonly<Record<string, unknown>>): Promise<JobAnswer>;
};

/**
 * Starts the built server from nothing, lets `work` use it through a real client, and closes it.
 * @returns wall seconds from the start of the process to the end of `work`; CPU and memory of the whole tree.
 */
export const withServer = async <T>(
  ground: Ground,
  work: (calls: JobCalls) => Promise<T>,
): Promise<{ readonly usage: Usage; readonly value: T }> => {
  const file = join(ground.root, 'cpu-times');
  const [command, args] = timed(file, process.execPath, [PROGRAM, 'mcp', '--in-process']);
  const log = join(ground.root, 'server.log');
  const started = performance.now();
  const transport = new StdioClientTransport({
    command,
    args,
    cwd: ground.root,
    env: serverEnvironment(ground),
    stderr: 'pipe',
  });
  transport.stderr?.pipe(createWriteStream(log));
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const options = { signal: ground.signal, timeout: CALL_TIMEOUT_MS };
  const call = async (name: string, body: Readonly<Record<string, unknown>>): Promise<JobAnswer> => {
    const { isError, structuredContent, content } = await client.callTool(
      { name, arguments: { ...body } },
      options,
    );
    if (isError === true) throw new Error(`${name} was refused: ${JSON.stringify(content).slice(0, 500)}`);
    return jobAnswerSchema.parse(structuredContent);
  };
  const runJob: JobCalls['runJob'] = async (body) => {
    let answer = await call('orchestrate', { workspace: ground.repository, ...body });
    while (!hasEnded(answer) && answer.attention == null)
      answer = await call('job_wait', { job_id: answer.job_id, wait_seconds: WAIT_SECONDS });
    if (answer.status === 'succeeded') return answer;
    throw new Error(`The job ended as ${answer.status}: ${JSON.stringify(answer).slice(0, 2000)}`);
  };
  try {
    await client.connect(transport, options);
    using tree = watchTree(transport.pid ?? 0);
    const value = await work({ runJob });
    const wallSeconds = (performance.now() - started) / 1000;
    await client.close();
    return { usage: { wallSeconds, ...(await usageOf(file, tree)) }, value };
  } finally {
    await client.close();
  }
};
