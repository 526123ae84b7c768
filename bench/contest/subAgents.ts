import { write } from '../../demo/scripted-api.ts';
import { measureCommand } from '../measure/command.ts';
import { type Contender, claude, claudeEnvironment } from './contender.ts';

const SCRIPT =
  '"$BENCH_CLAUDE" -p --allowedTools Bash,Write,Agent && git add --all && git commit --quiet --message work';

/** One session whose model starts a sub-agent for each assignment in one message; one folder, one commit at the end. */
export const subAgents: Contender = {
  name: 'sub-agents',
  async run(ground) {
    const calls = ground.assignments.map(({ id, prompt }) => ({
      name: 'Agent',
      input: { description: id, subagent_type: 'general-purpose', prompt },
    }));
    const usage = await measureCommand({
      command: '/bin/sh',
      args: ['-c', SCRIPT],
      cwd: ground.repository,
      env: { ...claudeEnvironment(ground), BENCH_CLAUDE: await claude() },
      input: `${write('tools', JSON.stringify(calls))}${write('text', 'All are done.')}`,
      scratch: ground.root,
      signal: ground.signal,
    });
    return { usage, refs: ['main'] };
  },
};
