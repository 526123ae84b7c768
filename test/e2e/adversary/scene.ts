import { type Approver, makeApprover } from '../../support/approver.ts';
import { endOf, recordOf, startFront } from '../../support/localServer.ts';
import { eventually, workersOf } from '../../support/processes.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { type ServerUnderTest, startRaw } from '../../support/server.ts';

export type Scene = {
  readonly sandbox: Sandbox;
  readonly front: ServerUnderTest;
  readonly approver: Approver;
};

/** A server behind a front, a repository with a file of worth, and somebody who may approve. */
export const scene = async (env: Readonly<Record<string, string>> = {}): Promise<Scene> => {
  const sandbox = await makeSandbox({
    files: { 'keep.txt': 'keep\n', 'job.sh': 'echo good >> out.txt\n' },
    env: { ORCHESTRATOR_RATE_LIMIT: '0', ...env },
  });
  const approver = await makeApprover(sandbox);
  return { sandbox, front: await startFront(sandbox), approver };
};

export const submit = async ({ front, sandbox }: Scene, prompt: string): Promise<string> => {
  const { job_id } = await front.job('orchestrate', {
    request: 'Work.',
    workspace: sandbox.repository,
    tasks: [{ id: 'work', prompt }],
  });
  return job_id;
};

export const taskIs = ({ front }: Scene, jobId: string, status: string) =>
  eventually(`the task ${status}`, async () => {
    const { tasks } = await front.job('job_status', { job_id: jobId });
    return tasks[0]?.status === status;
  });

/** Ends the server, and all its workers with it, without a word. @param meanwhile before the next one starts. */
export const killServer = async (
  { sandbox, front }: Scene,
  meanwhile: () => void = () => undefined,
): Promise<void> => {
  const { pid } = recordOf(sandbox);
  process.kill(pid, 'SIGKILL');
  await endOf(pid, 20_000);
  await eventually('the end of its workers', () => workersOf(sandbox.root).length === 0, 20_000);
  meanwhile();
  await front.call('job_list', {});
};

/** What the program prints, and its exit code. */
export const printed = async (sandbox: Sandbox, ...args: readonly string[]) => {
  const child = startRaw(sandbox, args);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stdin?.end();
  return { code: await child.exited, out };
};

/** Names of the files on the job's branch. */
export const branchFiles = ({ sandbox }: Scene, jobId: string): readonly string[] =>
  sandbox.git('ls-tree', '--name-only', `orchestrator/${jobId}`).trim().split('\n');
