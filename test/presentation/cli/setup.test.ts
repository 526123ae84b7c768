import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import type { ClientId } from '../../../src/application/clients.ts';
import { ConfigurationError } from '../../../src/domain/errors/index.ts';
import { allowRule } from '../../../src/presentation/cli/allowRule.ts';
import { firstChangedLine } from '../../../src/presentation/cli/changeText.ts';
import { registerSetupCommands } from '../../../src/presentation/cli/setup.ts';
import type { SetupPrompts } from '../../../src/presentation/cli/setupDeps.ts';
import { setupPrompts } from '../../../src/presentation/cli/setupPrompts.ts';
import { TOOLS } from '../../../src/presentation/mcp/tools/index.ts';
import { makeHome, registryIn } from '../../infrastructure/clients/support.ts';

const BUNDLED = path.resolve(
  import.meta.dirname,
  `../../../node_modules/@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}/claude`,
);

const run = async (
  home: string,
  argv: readonly string[],
  o: { readonly prompts?: SetupPrompts; readonly path?: string; readonly script?: string } = {},
) => {
  let stdout = '';
  let stderr = '';
  let exit: number | undefined;
  const program = new Command('claude-orchestrator').exitOverride();
  const { prompts } = o;
  registerSetupCommands(
    program,
    {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      color: { stdout: false, stderr: false },
      clients: async () => registryIn(home, o),
      prompts: prompts === undefined ? undefined : async () => prompts,
    },
    (code) => {
      exit = code;
    },
  );
  await program.parseAsync([...argv], { from: 'user' });
  return { stdout, stderr, exit };
};

const person = (answers: { readonly clients?: readonly ClientId[]; readonly yes: boolean }) => {
  const asked: string[] = [];
  const prompts: SetupPrompts = {
    choose: async (_question, choices) => {
      asked.push(...choices.map(({ label }) => label));
      return answers.clients ?? [];
    },
    confirm: async (question) => {
      asked.push(question);
      return answers.yes;
    },
  };
  return { asked, prompts };
};
const read = (file: string): string => readFileSync(file, 'utf8');

describe('setup', () => {
  test('on a pipe nothing is written without --yes, and the change is shown', async () => {
    const { home, write } = makeHome();
    const file = write('.cursor/mcp.json', '{}');
    await expect(run(home, ['setup', '--client', 'cursor'])).rejects.toThrow(ConfigurationError);
    expect(read(file)).toBe('{}');
    const { stdout, exit } = await run(home, ['setup', '--client', 'cursor', '--dry-run']);
    expect(stdout).toContain('  +  "command": ');
    expect(stdout).toContain('@@ line 1 @@');
    expect(exit).toBe(0);
    expect(read(file)).toBe('{}');
    expect(readdirSync(path.dirname(file))).toEqual(['mcp.json']);
  });

  test('without --client it asks which of the clients that are here, then whether to write', async () => {
    const { home, write } = makeHome();
    write('.cursor/x', '');
    write('.codex/config.toml', 'a = 1\n');
    const yes = person({ clients: ['codex'], yes: true });
    const { stdout } = await run(home, ['setup'], yes);
    expect(yes.asked).toEqual(['Cursor', 'Codex', 'Write this for Codex?']);
    expect(stdout).toContain('Codex: done. The file as it was: ');
    expect(read(path.join(home, '.codex/config.toml'))).toContain('[mcp_servers.claude-orchestrator]');
    expect(existsSync(path.join(home, '.cursor/mcp.json'))).toBe(false);
  });

  test('a no writes nothing', async () => {
    const { home, write } = makeHome();
    const file = write('.cursor/mcp.json', '{}');
    const { stderr, exit } = await run(home, ['setup', '--client', 'cursor'], person({ yes: false }));
    expect({ stderr, exit, text: read(file) }).toEqual({
      stderr: 'Nothing was written.\n',
      exit: 0,
      text: '{}',
    });
  });

  test('two clients at once; a broken file of one stops both', async () => {
    const { home, write } = makeHome();
    const cursor = write('.cursor/mcp.json', '{}');
    const codex = write('.codex/config.toml', 'a = \n');
    const both = ['setup', '--client', 'cursor', '--client', 'codex', '--yes'];
    await expect(run(home, both)).rejects.toThrow(`${codex}: line`);
    expect(read(cursor)).toBe('{}');
    write('.codex/config.toml', 'a = 1\n');
    await run(home, ['setup', '--client', 'cursor,codex', '--yes']);
    expect(read(cursor)).toContain('claude-orchestrator');
    expect(read(codex)).toContain('claude-orchestrator');
  });

  test.each([
    '{\n  "mcpServers": {\n    "a": { "env": { "KEY": "sk-secret" } }\n  }\n}\n',
    '{"mcpServers":{"a":{"env":{"KEY":"sk-secret"}}}}',
    '{"mcpServers":{"claude-orchestrator":{"command":"x","env":{"ANTHROPIC_API_KEY":"sk-secret"}}}}',
  ])("nobody's keys are shown: %j", async (text) => {
    const { home, write } = makeHome();
    write('.cursor/mcp.json', text);
    for (const extra of [[], ['--json']]) {
      const { stdout, stderr } = await run(home, ['setup', '--client', 'cursor', '--dry-run', ...extra]);
      expect(stdout + stderr).toContain('dist/main.js');
      expect(stdout + stderr).not.toContain('sk-secret');
    }
  });

  test('--json says what was done', async () => {
    const { home, write } = makeHome();
    const file = write('.cursor/mcp.json', '{}');
    const { stdout } = await run(home, ['setup', '--client', 'cursor', '--yes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      clients: [
        {
          client: 'cursor',
          file,
          action: 'add',
          written: true,
          backup: `${file}.claude-orchestrator-backup-1`,
        },
      ],
      warnings: [],
    });
  });

  test('a client that is not known, or none on the machine: said with what to do', async () => {
    const { home } = makeHome();
    await expect(run(home, ['setup', '--client', 'emacs', '--yes'])).rejects.toThrow(ConfigurationError);
    await expect(run(home, ['setup', '--yes'])).rejects.toThrow('No MCP client was found');
  });

  test('out of an npx cache it warns', async () => {
    const { home } = makeHome();
    const script = path.join(home, '.npm/_npx/1/node_modules/claude-orchestrator/dist/main.js');
    const { stderr } = await run(home, ['setup', '--client', 'cursor', '--yes'], { script });
    expect(stderr).toContain('npm install --global claude-orchestrator');
    expect(read(path.join(home, '.cursor/mcp.json'))).not.toContain('_npx');
  });
});

describe('remove', () => {
  test('without --client it takes ours out of every client that has it, and leaves the rest as it was', async () => {
    const { home, write } = makeHome();
    const cursor = write('.cursor/mcp.json', '{ "mcpServers": { "a": {} } } // c\n');
    const codex = write('.codex/config.toml', 'a = 1 # c');
    await run(home, ['setup', '--client', 'cursor,codex', '--yes']);
    const { stdout } = await run(home, ['remove', '--yes']);
    expect(stdout).toContain('Cursor: done.');
    expect(read(cursor)).toBe('{ "mcpServers": { "a": {} } } // c\n');
    expect(read(codex)).toBe('a = 1 # c');
    expect((await run(home, ['remove', '--yes'])).stdout).toContain('No client has this server.');
  });
});

describe('Claude Code', () => {
  test('its own command line registers and removes, and what else it knows stays', async () => {
    const { home, write } = makeHome();
    const bin = path.dirname(write('bin/x', ''));
    symlinkSync(BUNDLED, path.join(bin, 'claude'));
    const file = write(
      '.claude.json',
      '{"mcpServers":{"a":{"type":"stdio","command":"a","args":[],"env":{}}}}',
    );
    const argv = ['setup', '--client', 'claude-code', '--yes'];
    const first = await run(home, argv, { path: bin });
    expect(first.stdout).toContain('mcp add-json --scope user claude-orchestrator');
    expect(first.stdout).toContain(`put this line into ~/.claude/settings.json:\n  ${allowRule()}`);
    expect(JSON.parse(read(file)).mcpServers).toMatchObject({
      a: { command: 'a' },
      'claude-orchestrator': {
        type: 'stdio',
        command: process.execPath,
        args: [path.join(home, 'lib/dist/main.js'), 'mcp'],
        env: { ORCHESTRATOR_CLAUDE_PATH: path.join(bin, 'claude') },
      },
    });
    expect((await run(home, argv, { path: bin })).stdout).toContain('nothing to change');
    const moved = await run(home, argv, { path: bin, script: path.join(home, 'new.js') });
    expect(moved.exit).toBe(0);
    expect(JSON.parse(read(file)).mcpServers['claude-orchestrator'].args[0]).toBe(path.join(home, 'new.js'));
    await run(home, ['remove', '--yes'], { path: bin });
    expect(Object.keys(JSON.parse(read(file)).mcpServers)).toEqual(['a']);
    // Nothing of it leaves the machine, nor waits to.
    expect(existsSync(path.join(home, '.claude/telemetry'))).toBe(false);
  });

  test('a command line that fails is told with what it said, and the other client is still written', async () => {
    const { home, write } = makeHome();
    const program = write('bin/claude', '#!/bin/sh\necho "no way" >&2\nexit 3\n');
    chmodSync(program, 0o755);
    const answer = await run(home, ['setup', '--client', 'claude-code,cursor', '--yes'], {
      path: path.dirname(program),
    });
    expect(answer.stderr).toContain('no way');
    expect(answer.exit).toBe(74);
    expect(read(path.join(home, '.cursor/mcp.json'))).toContain('claude-orchestrator');
  });

  test('the allow rule names every tool that changes nothing, and no other', () => {
    const rule = JSON.parse(`{${allowRule()}}`);
    expect(allowRule()).not.toContain('\n');
    expect(rule.permissions.allow).toContain('mcp__claude-orchestrator__job_status');
    expect(rule.permissions.allow).toEqual(
      TOOLS.filter(({ annotations }) => annotations.readOnlyHint).map(
        ({ name }) => `mcp__claude-orchestrator__${name}`,
      ),
    );
  });
});

describe('what a person sees', () => {
  test('the line of the change, whatever the line ends', () => {
    expect(firstChangedLine({ before: 'a\r\nb\r\nc\r\n', after: 'a\r\nb,\r\nx\r\nc\r\n' })).toBe(2);
    expect(firstChangedLine({ before: '', after: 'a\n' })).toBe(1);
    expect(firstChangedLine({ before: 'a\n', after: 'a\n\nb\n' })).toBe(3);
  });

  test('prompts: return takes what is chosen, y is a yes, Ctrl-C is a no', async () => {
    const ask = (): { input: PassThrough; prompts: SetupPrompts } => {
      const input = new PassThrough();
      const output = new PassThrough();
      output.resume();
      return { input, prompts: setupPrompts(input, output) };
    };
    const choosing = ask();
    const chosen = choosing.prompts.choose('Which?', [
      { value: 'cursor', label: 'Cursor' },
      { value: 'codex', label: 'Codex' },
    ]);
    choosing.input.write('\r');
    expect(await chosen).toEqual(['cursor', 'codex']);
    const saying = ask();
    const said = saying.prompts.confirm('Write?');
    saying.input.write('y');
    expect(await said).toBe(true);
    const leaving = ask();
    const left = leaving.prompts.confirm('Write?');
    leaving.input.write('\u0003');
    expect(await left).toBe(false);
  });
});
