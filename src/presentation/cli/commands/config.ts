import type { Command } from 'commander';
import { examples, type Finish, flagsOf, JSON_OPTION, jsonFlag, withSettings } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { explainExit, explanationJson, renderExplanation, renderProblems } from '../explain.ts';
import { painter } from '../terminal.ts';

export const registerConfig = (program: Command, deps: CliDeps, finish: Finish): void => {
  const config = program.command('config').description('look at the configuration').helpCommand(false);
  const command = withSettings(
    config.command('explain').description('show every setting, its value and where it comes from'),
    deps,
  )
    .option(...JSON_OPTION)
    .action(async (_options: unknown, self: Command) => {
      const json = jsonFlag(self);
      const explanation = await deps.explain(flagsOf(self, deps));
      deps.stdout(
        json ? explanationJson(explanation) : renderExplanation(explanation, painter(deps.color.stdout)),
      );
      if (!json) deps.stderr(renderProblems(explanation.problems, painter(deps.color.stderr)));
      finish(explainExit(explanation));
    });
  examples(
    command,
    ['config explain', 'every setting with its value and source'],
    ['config explain --json', 'the same for a program'],
  );
};
