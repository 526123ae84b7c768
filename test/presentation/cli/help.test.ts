import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { settingReference } from '../../../src/infrastructure/config/reference.ts';
import { cliReference } from '../../../src/presentation/cli/cliReference.ts';
import { planJsonSchema } from '../../../src/presentation/cli/plan/planSchema.ts';
import { buildProgram } from '../../../src/presentation/cli/program.ts';
import { approvalWith, createDesk } from './support/approvalDesk.ts';
import { createHarness } from './support/harness.ts';

const DECIDED = 'apr_0123456789abcdeg';

const doc = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');

test('docs/cli.md says what the commands say of themselves', () => {
  expect(doc('cli.md'), 'run node scripts/cli-reference.ts').toBe(
    cliReference(settingReference().filter(({ secret }) => !secret)),
  );
});

test('docs/plan.schema.json is the schema that plan files are held against', () => {
  expect(doc('plan.schema.json'), 'run node scripts/cli-reference.ts').toBe(planJsonSchema());
});

const commandPaths = (): readonly string[][] => {
  const program = buildProgram(createHarness().deps, () => {});
  return program
    .createHelp()
    .visibleCommands(program)
    .flatMap((command) => {
      const inner = command.commands.map((one) => [command.name(), one.name()]);
      return inner.length === 0 ? [[command.name()]] : inner;
    });
};

describe('help', () => {
  test('of the program', async () => {
    expect((await createHarness().run('--help')).stdout).toMatchSnapshot();
  });

  test.each(commandPaths().map((path) => path.join(' ')))('of %s', async (path) => {
    const { exitCode, stdout, stderr } = await createHarness().run(...path.split(' '), '--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Examples:\n  $ claude-orchestrator ');
    expect(stdout).toMatchSnapshot();
  });

  test('its examples are command lines that are understood', async () => {
    const cli = createHarness({ settings: settingReference().filter(({ secret }) => !secret) });
    const program = buildProgram(cli.deps, () => {});
    const options = z.array(z.string());
    for (const path of commandPaths()) {
      const { stdout } = await cli.run(...path, '--help');
      for (const [, line] of stdout.matchAll(/^ {2}\$ claude-orchestrator (.*?) {2,}#/gm)) {
        const words = options.parse((line ?? '').split(/ [|>]/)[0]?.match(/"[^"]*"|\S+/g) ?? []);
        const names = path.length;
        expect(words.slice(0, names)).toEqual(path);
        const command = path.reduce(
          (at, name) => at.commands.find((one) => one.name() === name) ?? at,
          program,
        );
        const flags = words.filter((word) => word.startsWith('--'));
        const known = command.options.map(({ long }) => long);
        expect(known, line).toEqual(expect.arrayContaining(flags));
      }
    }
  });

  test('every command but those that own stdout, ask a person or speak JSON alone has --json', () => {
    const program = buildProgram(createHarness().deps, () => {});
    const without = commandPaths().filter((path) => {
      const command = path.reduce(
        (at, name) => at.commands.find((one) => one.name() === name) ?? at,
        program,
      );
      return !command.options.some(({ long }) => long === '--json');
    });
    expect(without.map((path) => path.join(' '))).toEqual([
      ...['mcp', 'init', 'judge', 'hook'],
      // Its lines are JSON whatever is asked for.
      'audit export',
      'completion',
    ]);
  });
});

describe('completion', () => {
  const completed = async (
    cli: ReturnType<typeof createHarness>,
    ...words: readonly string[]
  ): Promise<readonly string[]> => {
    const said: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: unknown) => void said.push(String(line)));
    try {
      expect((await cli.run('complete', '--', ...words)).exitCode).toBe(0);
    } finally {
      log.mockRestore();
    }
    return said.map((line) => line.split('\t')[0] ?? '');
  };

  test('names commands, flags and choices', async () => {
    const cli = createHarness();
    expect(await completed(cli, '')).toEqual(expect.arrayContaining(['run', 'watch', 'completion', 'keys']));
    expect(await completed(cli, 'st')).toEqual(['status', 'steer', 'stop', ':4']);
    expect(await completed(cli, 'run', '--pri')).toEqual(['--priority', ':4']);
    expect(await completed(cli, 'run', '--apply', '')).toEqual(['branch', 'merge', ':4']);
    expect(await completed(cli, 'config', '')).toEqual(['explain', ':4']);
    expect(await completed(cli, 'completion', '')).toEqual(['bash', 'zsh', 'fish', ':4']);
    expect(await completed(cli, '')).not.toContain('complete');
  });

  test('names jobs of a server that runs, and starts none', async () => {
    const connect = async () => {
      throw new Error('it would be started');
    };
    const cli = createHarness({ connect });
    const id = await cli.submit('a');
    for (const command of ['watch', 'status', 'logs', 'result', 'diff', 'cancel', 'steer'])
      expect(await completed(cli, command, '')).toEqual(['latest', id, ':4']);
    expect(await completed(cli, 'status', 'job_')).toEqual([id, ':4']);
    const none = createHarness({ connect, running: async () => undefined });
    expect(await completed(none, 'status', '')).toEqual(['latest', ':4']);
    const broken = createHarness({
      connect,
      running: async () => {
        throw new Error('no');
      },
    });
    expect(await completed(broken, 'status', '')).toEqual(['latest', ':4']);
  });

  test('names the approvals that wait, and starts no server', async () => {
    const desk = createDesk(approvalWith(), approvalWith({ approval_id: DECIDED, status: 'denied' }));
    const { client } = createHarness();
    const connect = async () => {
      throw new Error('it would be started');
    };
    const cli = createHarness({ connect, running: async () => ({ ...client, ...desk.agent }) });
    for (const command of ['approve', 'deny'])
      expect(await completed(cli, command, '')).toEqual(['apr_0123456789abcdef', ':4']);
    const none = createHarness({ connect, running: async () => undefined });
    expect(await completed(none, 'approve', '')).toEqual([':4']);
  });

  test.each(['bash', 'zsh', 'fish'])('prints a script for %s that calls the program', async (shell) => {
    const said: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: unknown) => void said.push(String(line)));
    const { exitCode } = await createHarness().run('completion', shell);
    log.mockRestore();
    expect(exitCode).toBe(0);
    expect(said.join('\n')).toMatch(/claude-orchestrator complete --/);
  });
});
