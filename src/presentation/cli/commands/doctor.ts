import type { Command } from 'commander';
import { examples, type Finish, flagsOf, JSON_OPTION, jsonFlag, withSettings } from '../command.ts';
import type { CliDeps } from '../deps.ts';
import { doctorExit, doctorJson, renderDoctor } from '../doctor.ts';
import { painter } from '../terminal.ts';

export const registerDoctor = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withSettings(
    program.command('doctor').description('check what the server needs, and say how to mend it'),
    deps,
  )
    .option(...JSON_OPTION)
    .action(async (_options: unknown, self: Command) => {
      const checks = await deps.doctor(flagsOf(self, deps));
      deps.stdout(jsonFlag(self) ? doctorJson(checks) : renderDoctor(checks, painter(deps.color.stdout)));
      finish(doctorExit(checks));
    });
  examples(
    command,
    ['doctor', 'is all there that a job needs?'],
    ['doctor --json', 'the checks for a program; exit code 69 where one fails'],
  );
};
