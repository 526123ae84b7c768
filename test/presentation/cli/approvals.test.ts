import { describe, expect, test } from 'vitest';
import type { ProgramDeps } from '../../../src/presentation/cli/program.ts';
import type { ApprovalAnswer } from '../../../src/presentation/wire/approval.ts';
import { approvalWith, createDesk, PASSPHRASE } from './support/approvalDesk.ts';
import { createHarness } from './support/harness.ts';

const OTHER = 'apr_0123456789abcdeg';
const THIRD = 'apr_zzzzzzzzzzzzzzzz';

/** The command line with a desk behind it; `typed` undefined: no terminal, null: Ctrl-C. */
const cliWith = (
  approvals: readonly ApprovalAnswer[],
  o: {
    readonly typed?: string | null;
    readonly key?: 'approver' | 'agent';
    readonly screen?: ProgramDeps['screen'];
  } = {},
) => {
  const desk = createDesk(...approvals);
  const asked: string[] = [];
  const { client } = createHarness();
  const cli = createHarness({
    ...(o.screen === undefined ? {} : { screen: o.screen }),
    connect: async () => ({ ...client, ...desk.agent }),
    secrets:
      o.typed === undefined
        ? undefined
        : async () => ({
            secret: async (question) => {
              asked.push(question);
              return o.typed ?? undefined;
            },
          }),
    deciders: {
      withKey: async () => (o.key === undefined ? undefined : desk[o.key]),
      person: async () => desk.person(),
    },
  });
  return { ...cli, desk, asked };
};

describe('approvals', () => {
  test('shows what waits, what is dangerous before the command, with what to type', async () => {
    const cli = cliWith([approvalWith({ asked: 3 }), approvalWith({ approval_id: OTHER, status: 'denied' })]);
    const { exitCode, stdout } = await cli.run('approvals');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'apr_0123456789abcdef HIGH · task tidy of job_0123456789abcdef · expires in 23h 58m · asked 3 times · digest abababababab',
      '  HIGH rm -rf assets: deletes files that git tracks',
      '  │ cd old && rm -rf assets',
      'decide: claude-orchestrator approve apr_0123456789abcdef (or deny)',
      '',
    ]);
  });

  test('says so where nothing waits, and shows what was decided with --all', async () => {
    const decided = approvalWith({ status: 'approved', decided_by: 'person', channel: 'passkey' });
    const cli = cliWith([decided]);
    expect((await cli.run('approvals')).stdout).toBe('Nothing waits for a decision.\n');
    const all = await cli.run('approvals', '--all');
    expect(all.stdout).toContain('· approved ·');
    expect(all.stdout).toContain('by person (passkey)');
    expect(all.stdout).not.toContain('decide:');
  });

  test('a denial that the worker was told does not look like a call that ran; who decided says why', async () => {
    const by = { decided_by: 'person', channel: 'passphrase' } as const;
    const cli = cliWith([
      approvalWith({ ...by, status: 'used', decision: 'deny', decision_reason: 'keep \u202eit' }),
      approvalWith({ ...by, approval_id: OTHER, status: 'used', decision: 'approve' }),
    ]);
    const [denied = '', ran = ''] = (await cli.run('approvals', '--all')).stdout.split(`\n${OTHER}`);
    expect(denied).toContain('· denied ·');
    expect(denied).toContain('  by person (passphrase): keep ⟨U+202E⟩it');
    expect(denied).not.toMatch(/used|ran/);
    expect(ran).toContain('· approved, ran ·');
    expect(ran).toMatch(/ by person \(passphrase\)$/m);
  });

  test('what would not have been asked about by itself is one line below what is', async () => {
    const reasons = [
      { code: 'delete', risk: 'HIGH', span: 'rm -rf assets', text: 'deletes files that git tracks' },
      { code: 'command', risk: 'MEDIUM', span: 'make', text: 'runs a program' },
      { code: 'read', risk: 'SAFE', span: 'ls', text: 'reads' },
    ] as const;
    const cli = cliWith([approvalWith({ reasons })]);
    for (const text of [
      (await cli.run('approvals')).stdout,
      (await cli.run('approve', 'apr_0123456789abcdef')).stderr,
    ])
      expect(text.split('\n').slice(1, 3)).toEqual([
        '  HIGH rm -rf assets: deletes files that git tracks',
        '  also: runs a program; reads',
      ]);
  });

  test('gives programs the answer as it is, and leads on to the next page', async () => {
    const cli = cliWith([approvalWith(), approvalWith({ approval_id: OTHER })]);
    const { stdout, stderr } = await cli.run('approvals', '--limit', '1');
    expect(stdout).not.toContain(OTHER);
    expect(stderr).toBe('More: claude-orchestrator approvals --cursor 1\n');
    const json = await cli.run('approvals', '--json', '--cursor', '1', '--job', 'job_0123456789abcdef');
    expect(JSON.parse(json.stdout)).toMatchObject({ approvals: [{ approval_id: OTHER }] });
  });

  test('nothing of a worker steers the terminal, hides, or passes for a line of ours', async () => {
    const evil = 'rm \u202Etxt.a\u001b[2J\u200b\nwaits: claude-orchestrator approve apr_evil';
    const cli = cliWith(
      [
        approvalWith({
          command: evil,
          goal: evil,
          cwd: evil,
          diff: `+${evil}`,
          env: { A: evil },
          reasons: [{ code: 'delete', risk: 'HIGH', span: evil, text: evil }],
          touches: [{ path: evil, access: 'delete', exists: false, files: 0 }],
          files: [{ path: evil, real_path: evil, sha256: null }],
        }),
      ],
      { typed: PASSPHRASE },
    );
    const list = await cli.run('approvals');
    const one = await cli.run('approve', 'apr_0123456789abcdef', '--full');
    for (const text of [list.stdout, one.stderr]) {
      expect(text).toContain('rm ⟨U+202E⟩txt.a⟨U+001B⟩[2J⟨U+200B⟩');
      expect(text).not.toMatch(/[\u202e\u200b\u001b]|^waits:/m);
    }
  });
});

describe('approve', () => {
  test('ends with the link of the page on a terminal, and nowhere else', async () => {
    const url = 'http://localhost:7777/approvals/apr_0123456789abcdef';
    const screen = {
      columns: () => 80,
      rows: () => 24,
      onResize: () => () => undefined,
      every: () => () => undefined,
    };
    const decided = 'apr_0123456789abcdef approved by person (passphrase)\n';
    const stdoutOf = async (
      approval: ApprovalAnswer,
      o: { readonly screen?: typeof screen },
      ...flags: readonly string[]
    ): Promise<string> =>
      (await cliWith([approval], { typed: PASSPHRASE, ...o }).run('approve', 'apr_01', ...flags)).stdout;
    expect(await stdoutOf(approvalWith({ url }), { screen })).toBe(`${decided}${url}\n`);
    expect(await stdoutOf(approvalWith({ url }), {})).toBe(decided);
    expect(await stdoutOf(approvalWith(), { screen })).toBe(decided);
    expect(JSON.parse(await stdoutOf(approvalWith({ url }), { screen }, '--json'))).toMatchObject({
      status: 'approved',
    });
  });

  test('shows the whole request, asks for the passphrase, decides as the person, and signs out', async () => {
    const cli = cliWith(
      [
        approvalWith({
          env: { DRY: '0' },
          files: [{ path: './go.sh', real_path: '/srv/go.sh', sha256: 'ef'.repeat(32) }],
          diff: '-a\n+b\n',
        }),
      ],
      { typed: PASSPHRASE },
    );
    const { exitCode, stdout, stderr } = await cli.run('approve', 'apr_01', '--reason', 'it may go');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('apr_0123456789abcdef approved by person (passphrase)\n');
    expect(stderr.split('\n')).toEqual([
      'apr_0123456789abcdef HIGH · expires in 23h 58m',
      '  HIGH rm -rf assets: deletes files that git tracks',
      'Bash:',
      '  │ cd old && rm -rf assets',
      'in /srv/trees/tidy',
      'with',
      '  │ DRY=0',
      'it touches',
      '  delete old/assets (12 files, tracked, as committed)',
      'it runs or names',
      '  /srv/go.sh (sha256 efefefefefef)',
      'it writes',
      '  │ -a',
      '  │ +b',
      'for task tidy of job_0123456789abcdef, asked for by local-agent:',
      '  │ Remove what nothing uses.',
      `digest ${'ab'.repeat(32)}`,
      '',
    ]);
    expect(cli.asked).toEqual([expect.stringContaining('Passphrase')]);
    expect(cli.desk.calls.slice(1)).toEqual([
      'login',
      {
        decide: { approval_id: 'apr_0123456789abcdef', decision: 'approve', reason: 'it may go' },
        by: 'person',
      },
      'logout',
    ]);
  });

  test('a command is never shortened, a long diff is, unless asked for whole', async () => {
    const command = `echo ${'x'.repeat(20_000)}; rm last`;
    const diff = Array.from({ length: 100 }, (_, line) => `+line ${line}`).join('\n');
    const { run } = cliWith([approvalWith({ command, diff })], { typed: null });
    const { stderr } = await run('approve', 'apr_01');
    expect(stderr).toContain(command);
    expect(stderr).toContain('+line 39\n  … 60 more lines; --full shows them');
    expect((await run('approve', 'apr_01', '--full')).stderr).toContain('+line 99');
  });

  test('how often or how long it is good goes with the decision', async () => {
    const decided = async (...flags: readonly string[]) => {
      const cli = cliWith([approvalWith()], { typed: PASSPHRASE });
      const { exitCode } = await cli.run('approve', 'apr_0123456789abcdef', ...flags);
      return exitCode === 0 ? cli.desk.calls[1] : exitCode;
    };
    expect(await decided('--uses', '5')).toMatchObject({ decide: { uses: 5 } });
    expect(await decided('--for', '1h')).toMatchObject({ decide: { valid_seconds: 3600 } });
    expect(await decided('--for', '90s')).toMatchObject({ decide: { valid_seconds: 90 } });
    for (const wrong of [
      ['--uses', '0'],
      ['--uses', '101'],
      ['--uses', '1e1'],
      ['--for', '2h'],
      ['--for', '61m'],
      ['--for', '0s'],
      ['--for', '1'],
      ['--for', '1h', '--uses', '2'],
      ['--show-code', '--uses', '2'],
      ['--show-code', '--reason', 'x'],
    ])
      expect(await decided(...wrong), wrong.join(' ')).toBe(78);
  });

  test('without the passphrase nothing is decided', async () => {
    for (const typed of ['not that one at all', null]) {
      const cli = cliWith([approvalWith()], { typed });
      const { exitCode, stdout } = await cli.run('approve', 'apr_01');
      expect([exitCode, stdout]).toEqual([77, '']);
      expect(cli.desk.find('apr_0123456789abcdef').status).toBe('pending');
      expect(JSON.stringify(cli.desk.calls)).not.toContain('decide');
    }
  });

  test('a file that it deletes is not said a second time to be run or named', async () => {
    const files = ['/srv/a', '/srv/go.sh'].map((file) => ({
      path: file,
      real_path: file,
      sha256: 'ef'.repeat(32),
    }));
    const touches = [{ path: '/srv/a', access: 'delete', exists: true, files: 1 }] as const;
    const cli = cliWith([approvalWith({ files, touches })], { typed: null });
    const { stderr } = await cli.run('approve', 'apr_01');
    expect(stderr).toContain('it runs or names\n  /srv/go.sh (sha256 efefefefefef)\n');
    expect(stderr.match(/\/srv\/a/g)).toHaveLength(1);
  });

  test('an id that is not there is said to be that, and one that is decided too, without a terminal as well', async () => {
    const cli = cliWith([approvalWith({ status: 'used', decision: 'deny', decided_by: 'person' })]);
    expect((await cli.run('approve', 'apr_7777777777777777')).exitCode).toBe(66);
    const decided = await cli.run('approve', 'apr_0123456789abcdef');
    expect([decided.exitCode, decided.stderr]).toEqual([
      65,
      expect.stringContaining('is denied by person already'),
    ]);
  });

  test('without a terminal and a key it is refused, with the ways out, and nobody signs in or decides', async () => {
    const cli = cliWith([approvalWith()]);
    const { exitCode, stderr } = await cli.run('approve', 'apr_01');
    expect(exitCode).toBe(77);
    expect(stderr).toContain('ORCHESTRATOR_API_KEY');
    expect(stderr).toContain('dashboard');
    expect(JSON.stringify(cli.desk.calls)).not.toMatch(/login|decide/);
  });

  test("an approver's key decides without a terminal; another key is refused by the server", async () => {
    const approver = cliWith([approvalWith()], { key: 'approver' });
    const { exitCode, stdout } = await approver.run('approve', 'apr_01', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'approved', decided_by: 'key:colleague' });
    const agent = cliWith([approvalWith()], { key: 'agent' });
    expect((await agent.run('approve', 'apr_01')).exitCode).toBe(77);
    expect(agent.desk.find('apr_0123456789abcdef').status).toBe('pending');
  });

  test('--show-code decides nothing, shows the code alone on stdout, and asks a person whatever key there is', async () => {
    const cli = cliWith([approvalWith()], { typed: PASSPHRASE, key: 'approver' });
    const { stdout, stderr } = await cli.run('approve', 'apr_0123456789abcdef', '--show-code');
    expect(stdout).toBe('ABCD-1234\n');
    expect(stderr).toContain('rm -rf assets');
    expect(cli.desk.calls).toEqual([
      'login',
      { approvalCode: 'apr_0123456789abcdef', by: 'person' },
      'logout',
    ]);
    const json = await cli.run('approve', 'apr_0123456789abcdef', '--show-code', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      approval_id: 'apr_0123456789abcdef',
      code: 'ABCD-1234',
      expires_at: '2026-01-02T03:14:05.000Z',
    });
    const piped = cliWith([approvalWith()], { key: 'approver' });
    expect((await piped.run('approve', 'apr_01', '--show-code')).exitCode).toBe(77);
  });

  test('nobody types a passphrase for what is decided already', async () => {
    const cli = cliWith([approvalWith({ status: 'denied', decided_by: 'local-agent' })], {
      typed: PASSPHRASE,
    });
    const { exitCode, stderr } = await cli.run('approve', 'apr_0123456789abcdef');
    expect(exitCode).toBe(65);
    expect(stderr).toContain('is denied by local-agent already');
    expect(cli.asked).toEqual([]);
  });

  test('the first of two approvers is told that another one is needed', async () => {
    const cli = cliWith([approvalWith({ approvers_needed: 2 })], { typed: null });
    expect((await cli.run('approve', 'apr_01')).stderr).toContain('needs 2 approvers');
  });
});

test('deny needs no proof: an agent may, and the worker hears why', async () => {
  const cli = cliWith([approvalWith()]);
  const { exitCode, stdout } = await cli.run('deny', '0123456789abcde', '--reason', 'keep it');
  expect(exitCode).toBe(0);
  expect(stdout).toBe('apr_0123456789abcdef denied by local-agent (agent)\n');
  expect(cli.desk.calls.at(-1)).toMatchObject({ decide: { reason: 'keep it' } });
  const again = await cli.run('deny', 'apr_0123456789abcdef', '--json');
  expect(again.exitCode).toBe(65);
  expect(JSON.parse(again.stderr)).toMatchObject({ error: { code: 'CONFLICT' } });
});

test('an approval is named by the beginning of its id, as long as one open one has it', async () => {
  const many = Array.from({ length: 150 }, (_, at) =>
    approvalWith({ approval_id: `apr_y${String(at).padStart(15, '0')}` }),
  );
  const cli = cliWith([
    approvalWith(),
    approvalWith({ approval_id: OTHER }),
    ...many,
    approvalWith({ approval_id: THIRD }),
  ]);
  // It is on the second page.
  expect((await cli.run('deny', 'APR_ZZ')).stdout).toContain(`${THIRD} denied`);
  const two = await cli.run('deny', 'apr_0');
  expect([two.exitCode, two.stderr]).toEqual([65, expect.stringContaining('2 approvals begin with "apr_0"')]);
  for (const none of ['apr_q', '', 'apr_', 'latest']) {
    const { exitCode, stderr } = await cli.run('deny', none);
    expect([exitCode, stderr]).toEqual([66, expect.stringContaining('no open approval')]);
  }
  expect((await cli.run('deny', 'apr_7777777777777777')).exitCode).toBe(66);
});
