import type { Command } from 'commander';
import { z } from 'zod';
import { examples, type Finish, flagsOf, withSettings } from '../command.ts';
import type { CliDeps } from '../deps.ts';

const optionsSchema = z.object({ inProcess: z.boolean().default(false) });

export const registerMcp = (program: Command, deps: CliDeps, finish: Finish): void => {
  const command = withSettings(program.command('mcp').description('serve MCP over stdio'), deps)
    .option('--in-process', 'run everything in this process, which ends with its client')
    .action(async (_options: unknown, self: Command) => {
      const { inProcess } = optionsSchema.parse(self.opts());
      await deps.mcp({ inProcess, flags: flagsOf(self, deps) });
      finish(0);
    });
  examples(
    command,
    ['mcp', 'what an MCP client starts; jobs outlive the client'],
    ['mcp --in-process', 'no server beside it: jobs stop with the client'],
  );
};
