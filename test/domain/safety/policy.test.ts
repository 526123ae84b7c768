import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { globMatches } from '../../../src/domain/safety/policy/glob.ts';
import { DEFAULT_POLICY, type PolicyRules, policyOf } from '../../../src/domain/safety/policy/policy.ts';
import { policySchema } from '../../../src/domain/safety/policy/schema.ts';
import { tighten, withoutRepository } from '../../../src/domain/safety/policy/tighten.ts';
import { DECISIONS, RISKS, type Verdict } from '../../../src/domain/safety/verdict.ts';
import { call, factsFor, judge, STATE, WORKTREE } from './facts.ts';

type Given = Readonly<Record<string, unknown>>;

const machine = (file: Given): PolicyRules => policyOf(policySchema.parse({ version: 1, ...file }));
const judged = (tool: string, input: Record<string, unknown>, policy: PolicyRules): Verdict => {
  const toolCall = call(tool, input);
  return judge(toolCall, factsFor(toolCall), policy);
};
const shell = (command: string, file: Given): Verdict => judged('Bash', { command }, machine(file));
const rule = (over: object) => ({ id: 'r', reason: 'the house says so', ...over });

describe('without a policy file', () => {
  it.each([
    ['Read', { file_path: `${WORKTREE}/a` }, 'SAFE', 'allow'],
    ['Write', { file_path: `${WORKTREE}/a`, content: '' }, 'LOW', 'allow'],
    ['Bash', { command: 'npm test' }, 'MEDIUM', 'allow'],
    ['Bash', { command: 'rm a' }, 'HIGH', 'ask'],
    ['Read', { file_path: `${STATE}/server.json` }, 'CRITICAL', 'deny'],
  ])('%s %j is %s: %s', (tool, input, risk, decision) => {
    const verdict = judged(tool, input, DEFAULT_POLICY);
    expect([verdict.risk, verdict.decision]).toEqual([risk, decision]);
  });
});

describe('a rule', () => {
  it('denies by the first words of a command, wherever it stands in a line, and whatever options come between', () => {
    const rules = { rules: [rule({ match: { argv: ['git', 'commit'] }, decision: 'deny' })] };
    for (const line of [
      'git commit -m x',
      'ls && git commit',
      'env A=1 git commit',
      "bash -c 'git commit'",
      'git -c a.b=c commit',
      'git --no-pager commit',
      '/usr/bin/git commit',
      'git "$x"',
    ]) {
      const verdict = shell(line, rules);
      expect([line, verdict.decision]).toEqual([line, 'deny']);
    }
    expect(shell('git status commit', rules).decision).toBe('allow');
    expect(shell('git commit', rules).message).toContain('the house says so');
  });

  it('allows what would be asked about, for that one command only, and only word for word', () => {
    const rules = { rules: [rule({ match: { argv: ['rm', 'a'] }, decision: 'allow' })] };
    expect(shell('rm a', rules).decision).toBe('allow');
    expect(shell('rm a', rules).reasons[0]?.rule).toBe('r');
    for (const line of ['rm a; rm b', 'rm -f a', 'rm "$x"', 'rm a > /etc/x', 'sudo rm a', './rm a'])
      expect([line, shell(line, rules).decision]).toEqual([line, 'ask']);
  });

  it('never allows what is CRITICAL, nor what another rule asks about', () => {
    const allow = rule({ match: { tool: '*' }, decision: 'allow' });
    expect(judged('Read', { file_path: `${STATE}/db` }, machine({ rules: [allow] })).decision).toBe('deny');
    const ask = rule({ id: 'ask', match: { code: 'delete' }, decision: 'ask' });
    expect(shell('rm a', { rules: [allow, ask] }).decision).toBe('ask');
    expect(shell('rm a', { rules: [allow] }).decision).toBe('allow');
  });

  it('raises a risk, and the level of that risk decides', () => {
    const rules = [rule({ match: { argv: ['terraform'] }, risk: 'HIGH' })];
    expect(shell('terraform version', { rules })).toMatchObject({ risk: 'HIGH', decision: 'ask' });
    expect(shell('terraform version', { rules, levels: { HIGH: 'deny' } }).decision).toBe('deny');
    expect(shell('rm -rf /etc', { rules: [rule({ match: { tool: 'Bash' }, risk: 'LOW' })] }).risk).toBe(
      'HIGH',
    );
  });

  it('matches paths by the place that they lead to', () => {
    const rules = [rule({ match: { path: 'migrations/**' }, decision: 'deny' })];
    const toolCall = call('Write', { file_path: 'link/x', content: '' });
    const facts = factsFor(toolCall, { [`${WORKTREE}/link`]: `${WORKTREE}/migrations` });
    expect(judge(toolCall, facts, machine({ rules })).decision).toBe('deny');
    expect(shell('echo x > migrations/1.sql', { rules }).decision).toBe('deny');
    expect(shell('echo x > "migrations/$n"', { rules }).decision).toBe('deny');
    expect(shell('echo x > migrations.md', { rules }).decision).toBe('allow');
  });

  it('allows by path only where the whole path is known', () => {
    const rules = [rule({ match: { path: '/tmp/**', code: 'delete' }, decision: 'allow' })];
    expect(shell('rm -rf /tmp/x', { rules }).decision).toBe('allow');
    expect(shell('rm -rf /tmp/x/*', { rules }).decision).toBe('allow');
    for (const line of ['rm -rf /tmp/$x', 'rm -rf /tmp/../etc', 'rm -rf /tmp/x /etc/y', 'rm -rf "$x"'])
      expect([line, shell(line, { rules }).decision]).not.toEqual([line, 'allow']);
  });
});

describe('CRITICAL under dual control', () => {
  it('is asked of two people, for the listed code alone', () => {
    const policy = machine({ dual_control: ['own-state'] });
    expect(judged('Read', { file_path: `${STATE}/db` }, policy)).toMatchObject({
      decision: 'ask',
      approversNeeded: 2,
    });
    expect(judged('Read', { file_path: `${STATE}/db` }, machine({ dual_control: ['disk'] })).decision).toBe(
      'deny',
    );
  });
});

describe('hosts and MCP tools', () => {
  const fetches = (url: string, file: Given): Verdict => judged('WebFetch', { url }, machine(file));
  it('are known, unknown or denied by lists', () => {
    const hosts = { allow: ['*.example.com'], deny: ['evil.example.com'], unknown: 'ask' as const };
    expect(fetches('https://docs.example.com/a', { hosts })).toMatchObject({
      risk: 'LOW',
      decision: 'allow',
    });
    expect(fetches('https://elsewhere.org', { hosts }).decision).toBe('ask');
    expect(fetches('https://EVIL.example.com.', { hosts }).decision).toBe('deny');
    expect(shell('curl https://u:p@evil.example.com/x', { hosts }).decision).toBe('deny');
    expect(judged('mcp__shop__list', {}, machine({ hosts: { deny: ['mcp:shop'] } })).decision).toBe('deny');
  });

  it('are judged by what the policy says that they do', () => {
    const mcp = { read_only: ['mcp__shop__remove_view'], destructive: ['mcp__shop__list*'] };
    expect(judged('mcp__shop__remove_view', {}, machine({ mcp })).risk).toBe('SAFE');
    expect(judged('mcp__shop__listing', {}, machine({ mcp })).decision).toBe('ask');
    expect(judged('mcp__shop__remove_view', {}, DEFAULT_POLICY).decision).toBe('ask');
    expect(judged('mcp__shop__look', {}, DEFAULT_POLICY)).toMatchObject({
      risk: 'MEDIUM',
      decision: 'allow',
    });
  });
});

describe("a repository's own policy", () => {
  it('tightens', () => {
    const { policy, warnings } = tighten(
      DEFAULT_POLICY,
      policySchema.parse({
        version: 1,
        levels: { MEDIUM: 'ask' },
        rules: [rule({ match: { argv: ['npm', 'publish'] }, decision: 'deny' })],
        hosts: { unknown: 'deny' },
        mcp: { destructive: ['mcp__x__*'] },
      }),
    );
    expect(warnings).toEqual([]);
    expect(judged('Bash', { command: 'npm test' }, policy).decision).toBe('ask');
    expect(judged('Bash', { command: 'npm publish' }, policy).reasons.map((one) => one.rule)).toContain(
      'repository.r',
    );
    expect(judged('WebFetch', { url: 'https://a.org' }, policy).decision).toBe('deny');
  });

  it('loosens nothing, and every try is told', () => {
    const strict = machine({ levels: { LOW: 'ask' }, dual_control: [] });
    const { policy, warnings } = tighten(
      strict,
      policySchema.parse({
        version: 1,
        levels: { LOW: 'allow', HIGH: 'allow' },
        rules: [rule({ match: { tool: '*' }, decision: 'allow' })],
        dual_control: ['disk'],
        mcp: { read_only: ['*'] },
        hosts: { allow: ['*'] },
        read_roots: ['/'],
      }),
    );
    expect(policy.levels).toEqual(strict.levels);
    expect([policy.rules, policy.dualControl, policy.mcp.readOnly, policy.readRoots]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(judged('WebFetch', { url: 'https://a.org' }, policy).risk).toBe('MEDIUM');
    expect(warnings.map((text) => text.split(' would ')[0])).toEqual(
      [
        'dual_control: disk',
        'mcp.read_only: *',
        'read_roots: /',
        'levels.LOW: allow',
        'levels.HIGH: allow',
        'rule r: decision allow',
      ].toSorted(
        (a, b) => warnings.findIndex((w) => w.startsWith(a)) - warnings.findIndex((w) => w.startsWith(b)),
      ),
    );
  });

  const decision = fc.constantFrom(...DECISIONS);
  const match = fc.oneof(
    fc.record({ tool: fc.constantFrom('*', 'Bash', 'Write', 'WebFetch') }),
    fc.record({ argv: fc.constantFrom(['rm'], ['git', 'push'], ['npm']) }),
    fc.record({ path: fc.constantFrom('**', 'a', '/etc/**') }),
    fc.record({ code: fc.constantFrom('delete', 'write', 'command') }),
  );
  const files = fc
    .record(
      {
        levels: fc.record({ LOW: decision, MEDIUM: decision, HIGH: decision }, { requiredKeys: [] }),
        rules: fc.uniqueArray(
          fc.record({ id: fc.constantFrom('a', 'b', 'c'), match, decision, reason: fc.constant('x') }),
          { selector: ({ id }) => id, maxLength: 3 },
        ),
        hosts: fc.record({ allow: fc.constant(['*']), unknown: decision }, { requiredKeys: [] }),
        dual_control: fc.subarray(['disk', 'own-state', 'history-rewrite']),
      },
      { requiredKeys: [] },
    )
    .map((file) => policySchema.parse({ version: 1, ...file }));
  const calls = fc.constantFrom(
    call('Bash', { command: 'rm a' }),
    call('Bash', { command: 'npm test && git push' }),
    call('Bash', { command: 'cat /etc/hosts > a' }),
    call('Write', { file_path: 'a', content: '' }),
    call('WebFetch', { url: 'https://example.com' }),
    call('Read', { file_path: `${STATE}/db` }),
  );

  test('whatever it says, no call is decided more loosely than without it', () => {
    fc.assert(
      fc.property(files, files, calls, (own, repository, toolCall) => {
        const facts = factsFor(toolCall);
        const before = judge(toolCall, facts, policyOf(own));
        const after = judge(toolCall, facts, tighten(policyOf(own), repository).policy);
        expect(DECISIONS.indexOf(after.decision)).toBeGreaterThanOrEqual(DECISIONS.indexOf(before.decision));
        expect(RISKS.indexOf(after.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(before.risk));
      }),
      { numRuns: 2000 },
    );
  });

  it('that nobody can read makes every command one that is asked about', () => {
    expect(judged('Bash', { command: 'npm test' }, withoutRepository(DEFAULT_POLICY)).decision).toBe('ask');
    expect(judged('Read', { file_path: 'a' }, withoutRepository(DEFAULT_POLICY)).decision).toBe('allow');
  });
});

describe('patterns', () => {
  it.each([
    ['a/**', 'a', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'ab', false],
    ['**/x', 'x', true],
    ['**/x', 'a/b/x', true],
    ['**/x', 'ax', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/c/d/b', true],
    ['a/**/b', 'a/cb', false],
    ['*.ts', 'a.ts', true],
    ['*.ts', 'b/a.ts', false],
    ['?', 'a', true],
    ['?', '/', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(globMatches(pattern, name)).toBe(fits);
  });

  it('take no long time with any name', () => {
    const started = performance.now();
    globMatches('**/*a*/**/*a*/**/*b', `${'a/'.repeat(2_000)}c`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
