import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { ConfigurationError } from '../../../domain/errors/index.ts';
import {
  examples,
  type Finish,
  flagsOf,
  JSON_OPTION,
  jsonFlag,
  optionsOf,
  PROGRAM,
  printJson,
  withPolicy,
} from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { checkText, checkToWire } from '../policy/checkText.ts';
import { explanationText, explanationToWire } from '../policy/explainCall.ts';
import { callOf } from '../policy/judgeLine.ts';
import type { SafetyDeps } from '../policy/safetyDeps.ts';
import { painter } from '../terminal.ts';

type Deps = CliDeps & SafetyDeps;

const registerCheck = (policy: Command, deps: Deps, finish: Finish): void => {
  const command = withPolicy(
    policy.command('check').description('hold a policy file against the rules of its format'),
    deps,
  )
    .argument('[file]', 'the file (default: the policy of this machine)')
    .option('--repository', "it is a repository's own: tell what of it would loosen, and is ignored")
    .option(...JSON_OPTION)
    .action(async (file: string | undefined, options: { repository?: boolean }, self: Command) => {
      const checked = await deps.safety.check(
        file === undefined ? undefined : resolve(deps.folder(), file),
        options.repository === true,
        flagsOf(self, deps),
      );
      if (jsonFlag(self)) printJson(deps, checkToWire(checked));
      else deps.stdout(checkText(checked, painter(deps.color.stdout)));
      finish(0);
    });
  examples(
    command,
    ['policy check', 'the policy that holds on this machine'],
    ['policy check policy.yaml', 'a file before it is put in place'],
    ['policy check .orchestrator/policy.yaml --repository', 'what a repository asks for'],
  );
};

const explainSchema = z.object({
  tool: z.string().optional(),
  input: z.string().optional(),
  cwd: z.string().optional(),
  asWorktree: z.boolean().default(false),
});

const inputSchema = z.record(z.string(), z.unknown());

const inputOf = (text: string | undefined): Readonly<Record<string, unknown>> => {
  if (text === undefined) return {};
  try {
    return inputSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigurationError('--input is no JSON object.', {
      hint: `For example: \`${PROGRAM} policy explain --tool Write --input '{"file_path": "a.txt"}'\`.`,
      cause,
    });
  }
};

const registerExplain = (policy: Command, deps: Deps, finish: Finish): void => {
  const command = withPolicy(
    policy
      .command('explain')
      .description(
        'show how a command is understood, what each part would do, and what the policy makes of it',
      ),
    deps,
  )
    .argument('[command]', 'a shell command, in quotes; it is not run')
    .option('--tool <name>', 'a tool of Claude Code or of an MCP server (default: Bash)')
    .option('--input <json>', "the tool's input")
    .option('--cwd <folder>', 'where it would run (default: the current folder)')
    .option(
      '--as-worktree',
      "the folder is a task's worktree: what git does not know there is the task's own",
    )
    .option(...JSON_OPTION)
    .action(async (shell: string | undefined, _options: unknown, self: Command) => {
      const o = optionsOf(self, explainSchema);
      if (shell === undefined && o.tool === undefined) {
        throw new ConfigurationError('There is nothing to explain: no command and no --tool.', {
          hint: `Put the command in quotes: \`${PROGRAM} policy explain 'rm -rf build'\`.`,
        });
      }
      const folder = resolve(deps.folder(), o.cwd ?? '.');
      const call = callOf({ command: shell, tool: o.tool, input: inputOf(o.input) });
      const { source, batch } = await deps.safety.open(
        { folder, asWorktree: o.asWorktree },
        flagsOf(self, deps),
      );
      const explained = await (await batch())(call);
      if (jsonFlag(self)) printJson(deps, explanationToWire(call, explained, source));
      else deps.stdout(explanationText(explained, source, painter(deps.color.stdout)));
      finish(0);
    });
  examples(
    command,
    ['policy explain "cd build && sudo rm -rf *"', 'part by part'],
    ['policy explain --tool WebFetch --input {"url":"https://example.com"}', 'a tool of Claude Code'],
  );
};

/** Adds `policy check` and `policy explain`. */
export const registerPolicy = (program: Command, deps: Deps, finish: Finish): void => {
  const policy = program
    .command('policy')
    .description('what is allowed, asked and denied, and why')
    .helpCommand(false);
  registerCheck(policy, deps, finish);
  registerExplain(policy, deps, finish);
};
