import { describe, expect, it } from 'vitest';
import { judgeShell } from './facts.ts';

const SAFE = [
  'ls -la',
  'cat src/a.ts',
  'pwd',
  'git status',
  'git log --oneline -5',
  'git diff HEAD~1',
  'git show HEAD:src/a.ts',
  'git branch',
  'git stash list',
  'git config user.name',
  'git clean -n',
  'rg -n "rm -rf" src',
  'grep -r foo .',
  'find . -name "*.ts" -type f',
  'echo "rm -rf /"',
  "printf '%s' 'git reset --hard'",
  'wc -l < a',
  'sort a | uniq -c | sort -rn | head -5',
  'jq .name package.json',
  'cd src && ls',
  'test -f a && echo yes',
  'which rm',
  'command -v rm',
  'echo a b | xargs find . -name',
  'cat /dev/null',
  'ls /srv/project',
  'ls 2>&1',
] as const;

const MEDIUM = [
  'find src -exec grep -l x {} +',
  'for f in *.ts; do wc -l "$f"; done',
  'npm test',
  'npm ci',
  'npm run build',
  'pnpm install',
  'yarn add x',
  'npx tsc --noEmit',
  'npx vitest run remove',
  'node script.js',
  'node --test',
  'node -e "console.log(1)"',
  'python3 -m pytest -k delete',
  'pytest tests/test_delete.py',
  'python -c "print(1)"',
  'cargo build',
  'cargo test remove',
  'go test ./...',
  'make clean',
  'git add -A',
  'git commit -m "remove x"',
  'git switch -c y',
  'git checkout -b y',
  'git checkout main',
  'git merge main',
  'git rm --cached f',
  'mkdir -p a/b',
  'touch a',
  'cp -r a b',
  'mv a b',
  'sed -i s/a/b/ a.ts',
  "sed -n '1,5p' a",
  "awk '{print $1}' a",
  'chmod +x run.sh',
  './run.sh',
  'bash run.sh',
  'echo x > a',
  'echo x >> a 2>&1',
  'npm test > /dev/null 2>&1',
  'echo x > /tmp/a',
  'mktemp -d > "$TMPDIR/x"',
  "cat > a.ts <<'E'\nrm -rf x\nE",
  'git commit -m "$(cat <<\'E\'\nrm x\nE\n)"',
  'for f in a b; do sed -i s/x/y/ "$f"; done',
  'curl -s http://localhost:3000/health',
  'curl -o a.json https://example.com/a.json',
  'tar xzf a.tgz',
  'tar czf a.tgz src',
  'timeout 60 npm test',
  'CI=1 npm test',
  'env CI=1 npm test',
  'docker compose up -d',
  'docker build -t x .',
  'kubectl get pods',
  'psql -c "select * from deleted"',
  'sqlite3 a.db "insert into a values (1)"',
  'kill 1234',
  'cat /etc/os-release',
  'xargs -n 1 git add',
  'ls | xargs -I{} cp {} out/',
  'source venv/bin/activate',
  'npm test & wait',
  'perl -pe s/a/b/ f',
  'terraform plan',
  'gh pr view 1',
  'git stash',
  'git stash pop',
  'systemctl restart memcached',
  'LD_PRELOAD=x true',
  'echo "npm test" > a.sh; bash a.sh',
  'npx some-tool',
  'npx -y eslint .',
  'aws s3 ls',
] as const;

const RANK = ['SAFE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

describe('ordinary work', () => {
  it.each(SAFE)('that only reads is SAFE: %s', (command) => {
    const { risk, reasons } = judgeShell(command);
    expect([risk, reasons.filter((reason) => reason.risk !== 'SAFE')]).toEqual(['SAFE', []]);
  });

  it.each(MEDIUM)('is allowed and watched: %s', (command) => {
    const verdict = judgeShell(command);
    expect([verdict.allowed, verdict.message]).toEqual([true, '']);
    expect(RANK.indexOf(verdict.risk)).toBeGreaterThan(0);
  });

  it('of a program of the worktree is never taken for the one of the system', () => {
    expect(judgeShell('./ls').risk).toBe('MEDIUM');
    expect(judgeShell('PATH=.:$PATH ls').risk).toBe('MEDIUM');
  });
});
