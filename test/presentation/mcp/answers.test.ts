import { countTokens } from 'gpt-tokenizer';
import { expect, it } from 'vitest';
import { TOOLS } from '../../../src/presentation/mcp/tools/index.ts';
import { localApi } from '../../../src/presentation/wire/localApi.ts';
import { createFixtureOrchestrator } from '../../support/mcp/fixtureOrchestrator.ts';

/** What differs from machine to machine. */
const MACHINE: ReadonlySet<string> = new Set(['server_bytes', 'available_bytes', 'node']);

it('typical answers of every tool change only on purpose, in their words and in what they cost', async () => {
  const api = localApi(createFixtureOrchestrator(), {
    publicUrl: 'http://localhost:7777',
    personIsSet: async () => false,
  });
  const context = { api: async () => api, signal: new AbortController().signal, onProgress: () => {} };
  const lines: string[] = [];
  const call = async (name: string, args: Record<string, unknown>, shown = true): Promise<void> => {
    const result = await TOOLS.find((tool) => tool.name === name)?.call(args, context);
    if (!shown) return;
    const fixed = (key: string, value: unknown): unknown => (MACHINE.has(key) ? 0 : value);
    const cost = countTokens(JSON.stringify(result, fixed));
    lines.push(`## ${name} ${JSON.stringify(args)}: ${cost} tokens`, JSON.stringify(result, fixed, 2), '');
  };
  const tasks = [
    { id: 'parser', prompt: 'Mend the parser', verify: 'npm test' },
    { id: 'printer', prompt: 'Mend the printer', depends_on: ['parser'] },
  ];
  const job_id = 'job_0000000000000001';
  const move = (task_id: string, message: string): Promise<void> =>
    call('job_steer', { job_id, task_id, action: 'message', message }, false);

  await call('job_list', {});
  await call('analyze', { request: 'Mend both', workspace: '/w', tasks });
  await call('orchestrate', { request: 'Mend both', workspace: '/w', tasks });
  await move('parser', 'start');
  await move('parser', 'done');
  await move('printer', 'start');
  await call('job_status', { job_id });
  await call('job_wait', { job_id, wait_seconds: 0 });
  await call('task_output', { job_id, task_id: 'parser' });
  await move('printer', 'ask rm -rf fixtures/old');
  await call('job_wait', { job_id, wait_seconds: 45 });
  await call('list_approvals', { job_id });
  const approval_id = 'apr_0000000000000001';
  await call('approve_operation', { approval_id, decision: 'approve' });
  await call('approve_operation', { approval_id, decision: 'deny', reason: 'Still used.' });
  await call('approve_operation', { approval_id, decision: 'approve', code: 'AAAA-AAAA' });
  await move('printer', 'fail');
  await call('job_steer', { job_id, task_id: 'printer', action: 'skip', reason: 'not wanted' });
  await move('parser', 'finish');
  await call('job_result', { job_id });
  await call('job_list', {});
  await call('orchestrate', { request: 'Once more', workspace: '/w' }, false);
  await call('job_cancel', { job_id: 'job_0000000000000002' });
  await call('system_health', {});
  // Errors, which are read as well.
  await call('job_status', { job_id: 'job_zzzzzzzzzzzzzzzz' });
  await call('orchestrate', { request: '', tasks: [{ shell: 'x' }] });
  await call('job_steer', { job_id, action: 'skip' });
  await call('orchestrate', { request: 'BOOM', workspace: '/w' });

  const told = new Set(lines.filter((line) => line.startsWith('## ')).map((line) => line.split(' ')[1]));
  expect([...told].sort()).toEqual(TOOLS.map(({ name }) => name).sort());
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../snapshots/answers.snap');
});
