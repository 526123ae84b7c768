import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query, type SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { git, makeRepository, runTests } from '../../demo/example/repository.ts';
import { makePause, makeTasks, RULES, type WireTask } from '../../demo/example/tasks.ts';
import { type ScriptedApi, startScriptedApi } from '../../demo/scripted-api.ts';

let root = '';
let api: ScriptedApi;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'demo-example-')));
  await mkdir(join(root, 'home'));
  api = await startScriptedApi({ rules: RULES });
});
afterAll(async () => {
  await api.close();
  await rm(root, { recursive: true, force: true });
});

const message = (content: string): SDKUserMessage => ({
  type: 'user',
  message: { role: 'user', content },
  parent_tool_use_id: null,
});

/** One worker that is given prompts one after the other, as a lane gives them; each resolves with its result. */
const openWorker = (cwd: string) => {
  const ended = new AbortController();
  let next = Promise.withResolvers<string>();
  let answered = Promise.withResolvers<void>();
  ended.signal.addEventListener('abort', () => next.reject(ended.signal.reason));
  const prompts = async function* () {
    while (!ended.signal.aborted) {
      const prompt = await next.promise.catch(() => undefined);
      if (prompt === undefined) return;
      next = Promise.withResolvers<string>();
      yield message(prompt);
    }
  };
  const conversation = query({
    prompt: prompts(),
    options: {
      cwd,
      settingSources: [],
      permissionMode: 'acceptEdits',
      env: {
        PATH: process.env.PATH,
        HOME: join(root, 'home'),
        ANTHROPIC_BASE_URL: api.url,
        ANTHROPIC_API_KEY: 'sk-ant-scripted',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
      },
    },
  });
  const read = async (): Promise<void> => {
    for await (const event of conversation) if (event.type === 'result') answered.resolve();
  };
  const reading = read();
  return {
    say: async (prompt: string): Promise<void> => {
      answered = Promise.withResolvers<void>();
      next.resolve(prompt);
      await answered.promise;
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      ended.abort();
      await reading;
    },
  };
};
type Worker = ReturnType<typeof openWorker>;

const isGreen = async (cwd: string, task: WireTask): Promise<boolean> => {
  const run = await execa({
    cwd,
    shell: true,
    reject: false,
    env: { NODE_TEST_CONTEXT: undefined },
  })`${task.verify}`;
  return run.exitCode === 0;
};

/** The orchestrator wraps a prompt so; the script must still be found. */
const wrap = (task: WireTask): string =>
  `# Goal\nMake all tests pass.\n\n# Your task: ${task.title}\n${task.prompt}\n\n# Rules\n- Your work is verified by: ${task.verify}`;

/** @returns how often a worker had to be told that its verification is red, before it was green. */
const mend = async (worker: Worker, cwd: string, task: WireTask): Promise<number> => {
  await worker.say('/clear');
  await worker.say(wrap(task));
  for (let repairs = 0; repairs < 3; repairs++) {
    if (await isGreen(cwd, task)) return repairs;
    await worker.say('The verification of your task failed. Find the cause and mend it.');
  }
  throw new Error(`${task.id} stays red`);
};

test('every task is red at first and green by its script, in any order of the two that share a file', async () => {
  const folder = join(root, 'mended');
  await makeRepository(folder);
  const tasks = [makePause(true), ...makeTasks(true)];
  expect(await runTests(folder)).toMatchObject({ green: false, passed: 1 });
  await using worker = openWorker(folder);
  const repairs: [string, number][] = [];
  for (const task of tasks) repairs.push([task.id, await mend(worker, folder, task)]);
  expect(Object.fromEntries(repairs)).toEqual({
    readme: 0,
    slug: 0,
    roman: 0,
    money: 1,
    dates: 0,
    wrap: 0,
    invoice: 0,
  });
  expect(await runTests(folder)).toMatchObject({ green: true, failed: 0 });

  await git(folder, 'checkout', '--quiet', '--', 'src/index.js');
  expect(await runTests(folder)).toMatchObject({ green: false });
  for (const task of makeTasks(true).slice(0, 2).reverse()) await mend(worker, folder, task);
  expect(await runTests(folder)).toMatchObject({ green: true });
});

test('the first try that is to be repaired fails a test that the base passes', async () => {
  const folder = join(root, 'first-try');
  await makeRepository(folder);
  const money = makeTasks(true).find(({ id }) => id === 'money');
  if (money === undefined) throw new Error('the demo has a task that is repaired');
  const failing = async (): Promise<readonly string[]> =>
    (
      await execa('node', ['--test', '--test-reporter=tap', 'test/money.test.js'], {
        cwd: folder,
        reject: false,
      })
    ).stdout
      .split('\n')
      .filter((line) => line.startsWith('not ok'));
  const before = await failing();
  await using worker = openWorker(folder);
  await worker.say(wrap(money));
  expect((await failing()).filter((line) => !before.includes(line))).toHaveLength(1);
});

test('a conflict between the two tasks that share a file is resolved by the script', async () => {
  const folder = join(root, 'conflict');
  const base = await makeRepository(folder);
  const tasks = makeTasks(true).slice(0, 2);
  await using worker = openWorker(folder);
  for (const task of tasks) {
    await git(folder, 'checkout', '--quiet', '-b', task.id, base);
    await mend(worker, folder, task);
    await git(folder, 'commit', '--quiet', '--all', '--message', task.id);
  }
  await expect(git(folder, 'merge', 'slug')).rejects.toThrow(/CONFLICT/);
  // The resolver is shown both tasks' prompts, scripts included.
  await worker.say(
    `Conflicting files (with conflict markers):\n${tasks.map(({ prompt }) => prompt).join('\n')}`,
  );
  for (const task of tasks) expect([task.id, await isGreen(folder, task)]).toEqual([task.id, true]);
});

test('a live model gets the same tasks and no script', () => {
  for (const task of [makePause(false), ...makeTasks(false)]) expect(task.prompt).not.toContain('[[');
  expect(makeTasks(false).map(({ id, verify }) => [id, verify])).toEqual(
    makeTasks(true).map(({ id, verify }) => [id, verify]),
  );
});
