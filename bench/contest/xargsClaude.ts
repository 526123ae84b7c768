import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureCommand } from '../measure/command.ts';
import { type Contender, claude, claudeEnvironment, WORKERS } from './contender.ts';

/** What a person writes who has sixteen prompts, a shell and git: one worktree, one `claude -p`, one commit each. */
const ONE = [
  '#!/bin/sh',
  'set -e',
  'cd "$BENCH_ROOT/worktrees/$1"',
  '"$BENCH_CLAUDE" -p --allowedTools Bash,Write <"$BENCH_ROOT/prompts/$1" >"$BENCH_ROOT/said-$1"',
  'git add --all',
  'git commit --quiet --message "$1"',
].join('\n');

/** Worktrees one after the other: made in parallel they race on the repository's configuration. */
const ALL = [
  '#!/bin/sh',
  'set -e',
  'cd "$BENCH_ROOT/repository"',
  'for id in $(ls "$BENCH_ROOT/prompts"); do',
  '  git worktree add --quiet -b "work/$id" "$BENCH_ROOT/worktrees/$id"',
  'done',
  `ls "$BENCH_ROOT/prompts" | xargs -P ${WORKERS} -n 1 sh "$BENCH_ROOT/one.sh"`,
].join('\n');

export const xargsClaude: Contender = {
  name: 'xargs',
  async run(ground) {
    const { root, assignments } = ground;
    await mkdir(join(root, 'prompts'));
    for (const { id, prompt } of assignments) await writeFile(join(root, 'prompts', id), prompt);
    await writeFile(join(root, 'one.sh'), ONE);
    await writeFile(join(root, 'all.sh'), ALL);
    const usage = await measureCommand({
      command: '/bin/sh',
      args: [join(root, 'all.sh')],
      cwd: root,
      env: { ...claudeEnvironment(ground), BENCH_ROOT: root, BENCH_CLAUDE: await claude() },
      scratch: root,
      signal: ground.signal,
    });
    return { usage, refs: assignments.map(({ id }) => `work/${id}`) };
  },
};
