import { describe, expect, it } from 'vitest';
import { call, factsFor, judge, judgeShell, WORKTREE } from './facts.ts';

const CRITICAL: Readonly<Record<string, readonly string[]>> = {
  disk: [
    'mkfs.ext4 /dev/sda1',
    'dd if=a of=/dev/sda',
    'wipefs -a /dev/sdb',
    'echo x > /dev/nvme0n1',
    'shred /dev/sda',
    'parted /dev/sda mklabel gpt',
    'cat a | tee /dev/sda',
    'vssadmin delete shadows /all',
  ],
  'history-rewrite': [
    'git push --force',
    'git push -f origin main',
    'git push origin +release/1',
    'git push origin :develop',
    'git push origin --delete master',
    'git push --mirror',
    'git push --force origin "$b"',
    'git push origin HEAD:main -f',
    'git push origin :refs/tags/v1',
  ],
  'remote-destroy': [
    'kubectl delete ns x',
    'terraform destroy -auto-approve',
    'aws s3 rb s3://b',
    'curl -X DELETE https://api.example.com/x/1',
    'http DELETE https://api.example.com/x',
    'psql -h db.example.com -c "drop table a"',
    'redis-cli -h 10.0.0.1 FLUSHALL',
    'mongosh mongodb://db.example.com/a --eval "db.dropDatabase()"',
    'ssh h "rm -rf /var"',
    'rsync -a --delete a/ h:b/',
    'rclone sync a b:c',
    'wrangler d1 execute x --command "drop table a"',
    'npm unpublish x',
    'kafka-topics.sh --delete --topic x',
    'fly ssh console -C "rm -rf /data"',
    'supabase db reset --linked',
    'supabase db reset --db-url postgres://db.example.com/a',
    'echo "kubectl delete ns a" > a.sh; bash a.sh',
    "cat > a.sh <<'E'\nterraform destroy\nE\nchmod +x a.sh && ./a.sh",
  ],
  'own-commands': [
    'claude-orchestrator approve x',
    'npx claude-orchestrator keys create',
    'claude-orchestrator stop',
    'node /opt/claude-orchestrator/dist/main.js deny x',
    'pkill -f claude-orchestrator',
    'curl -X POST http://127.0.0.1:7431/api/v1/approvals/a/decision -d x',
    'curl -d \'{"name":"approve_operation"}\' localhost:7431/mcp',
    'node -e "post(\'/api/v1/approvals\')"',
    "bash -c 'claude-orchestrator policy check'",
  ],
};

describe('what no single person may allow', () => {
  for (const [code, commands] of Object.entries(CRITICAL))
    it.each(commands)(`is CRITICAL for ${code}: %s`, (command) => {
      const { risk, decision, reasons } = judgeShell(command);
      expect([risk, decision, reasons[0]?.code]).toEqual(['CRITICAL', 'deny', code]);
    });

  it.each([
    'git push -f origin task/1',
    'psql -c "drop table a"',
    'psql -h localhost -c "drop table a"',
    'curl -X DELETE http://localhost:3000/items/1',
    'git filter-branch x',
    'docker rm -f x',
    'npm publish',
    'gh release create v1',
    'supabase db reset',
    'echo "git reset --hard" > a.sh; bash a.sh',
  ])('is only HIGH where it stays here, or is the own branch: %s', (command) => {
    expect(judgeShell(command).risk).toBe('HIGH');
  });
});

const judgeOwn = (command: string, own: readonly string[]) => {
  const asked = call('Bash', { command });
  const whole = own.map((path) => `${WORKTREE}/${path}`);
  return judge(asked, {
    ...factsFor(asked),
    ownFiles: (path) => whole.some((made) => path === made || path.startsWith(`${made}/`)),
  });
};

describe('a delete', () => {
  it.each([
    'rm -rf dist',
    'rm dist/a',
    'rm -f dist/*.map',
    'npx rimraf dist',
    'find dist -delete',
    'find dist -name x -exec rm {} +',
    'cat /dev/null > dist/a',
    'cd dist && rm a',
    'mv dist /dev/null',
    'truncate -s 0 dist/a',
    'rsync -a --delete src/ dist/',
    'git rm dist/a',
    'bash -c "rm -rf dist"',
    'tar cf a.tar --remove-files dist',
  ])('of what the worker made itself is allowed: %s', (command) => {
    expect(judgeOwn(command, ['dist']).message).toBe('');
    expect(judgeOwn(command, []).decision).not.toBe('allow');
  });

  it.each([
    'rm -rf *',
    'rm -rf .',
    'rm -rf ./*',
    'rm -rf dist/..',
    'rm -rf "$x"',
    'rm -rf dist "$x"',
    'rm -rf /',
    'rm -rf ~',
    'rm -rf .git',
    'rm -rf dist src',
    'cd "$x"; rm -rf dist',
    'cd sub; rm -rf *',
    'xargs rm',
    'find . -delete',
    'docker run -v $PWD:/w i rm -rf dist',
    'ssh h rm -rf dist',
  ])('of anything else is refused whatever it made: %s', (command) => {
    expect(judgeOwn(command, ['dist', 'sub']).decision).not.toBe('allow');
  });
});

const withScripts = (command: string, scripts: Readonly<Record<string, string>>) => {
  const asked = call('Bash', { command });
  const known = new Map(Object.entries(scripts).map(([name, text]) => [`npm:${WORKTREE}${name}`, text]));
  return judge(asked, { ...factsFor(asked), scripts: known });
};

describe('a script that the command itself writes', () => {
  it('is judged as what runs it reads it', () => {
    const python = 'echo "import os; os.remove(1)" > a';
    expect(judgeShell(`${python}; python3 a`).reasons[0]?.code).toBe('inline-code');
    expect(judgeShell(`${python}; cat a`).decision).toBe('allow');
    expect(judgeShell("echo '#!/usr/bin/env node' > a; echo 'eval(x)' >> a; ./a").risk).toBe('HIGH');
  });

  it('may delete what the worker made itself, and nothing else', () => {
    expect(judgeOwn('echo "rm -rf dist" > a.sh; bash a.sh', ['dist']).decision).toBe('allow');
    expect(judgeOwn('echo "rm -rf src" > a.sh; bash a.sh', ['dist']).decision).not.toBe('allow');
  });

  it('is refused where it writes and runs itself, or too much', () => {
    const itself = "echo 'echo x >> f; sh f' > f; sh f";
    const much = `${'echo "ls -la" >> f;'.repeat(2_000)} sh f`;
    for (const command of [itself, much])
      expect([command.slice(0, 40), judgeShell(command).risk]).toEqual([command.slice(0, 40), 'HIGH']);
  });

  it('counts as a right of its own when it runs with other rights, done before or not', () => {
    const own = 'eval "rm dist/a"';
    expect(judgeOwn(own, ['dist']).decision).toBe('allow');
    expect(judgeOwn(`env ${own}; sudo ${own}`, ['dist']).decision).not.toBe('allow');
  });
});

describe('a package script', () => {
  it.each([
    'npm run verify',
    'npm run-script verify',
    'pnpm verify',
    'pnpm run verify',
    'yarn verify',
    'bun run verify',
    'node --run verify',
    'sh -c "npm run verify"',
  ])('is judged by its own text: %s', (command) => {
    expect(withScripts(command, { ':verify': 'git reset --hard' }).risk).toBe('HIGH');
    expect(withScripts(command, { ':verify': 'tsc && kubectl delete ns a' }).risk).toBe('CRITICAL');
    expect(withScripts(command, { ':verify': 'tsc -p .' }).decision).toBe('allow');
    expect(withScripts(command, {}).risk).toBe('MEDIUM');
  });

  it('is followed into others, and a circle of them is refused', () => {
    expect(withScripts('npm test', { ':test': 'npm run a', ':a': 'git clean -fd' }).risk).toBe('HIGH');
    expect(withScripts('npm test', { ':test': 'npm test' }).decision).not.toBe('allow');
  });

  it('is looked for in the folder it runs in', () => {
    expect(withScripts('cd web && npm test', { '/web:test': 'git clean -fd' }).risk).toBe('HIGH');
    expect(withScripts('npm --prefix web run verify', { '/web:verify': 'git clean -fd' }).risk).toBe('HIGH');
    expect(withScripts('npm run verify -w web', { ':verify': 'git clean -fd' }).risk).toBe('MEDIUM');
  });
});
