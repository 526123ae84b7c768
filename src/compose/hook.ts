import { realpath } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Verdict } from '../domain/safety/verdict.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import { policySource } from '../infrastructure/safety/policySource.ts';
import type { FlagValues } from '../presentation/cli/deps.ts';
import { brokenHookAnswer, hookAnswer } from '../presentation/cli/policy/hookAnswer.ts';
import { gateOf } from './gateOf.ts';
import { projectOf } from './safetyHere.ts';
import { configInput } from './thisProcess.ts';

/** Answers one call of a person's Claude Code. Whatever goes wrong, the person is asked. */
export const hookHere = async (flags: FlagValues): Promise<void> => {
  const answer = await answerTo(flags).catch(brokenHookAnswer);
  process.stdout.write(answer);
};

const answerTo = async (flags: FlagValues): Promise<string> => {
  const input = await text(process.stdin);
  return hookAnswer(input, async (call, cwd): Promise<Verdict> => {
    const { config } = loadConfig(configInput(flags));
    const gate = gateOf(config, policySource({ file: config.policy, configDir: config.configDir }), {
      onWarning: (warning) => void process.stderr.write(`${warning}\n`),
    });
    const folder = await realpath(cwd);
    const project = await realpath(process.env.CLAUDE_PROJECT_DIR || folder);
    return gate.judge(call, { cwd: folder, worktree: projectOf(project), readRoots: [] });
  });
};
