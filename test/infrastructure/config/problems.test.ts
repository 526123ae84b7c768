import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../src/domain/errors/index.ts';
import { explainConfig } from '../../../src/infrastructure/config/explain.ts';
import { loadConfig } from '../../../src/infrastructure/config/load.ts';
import type { ConfigInput } from '../../../src/infrastructure/config/reading.ts';
import { settingReference } from '../../../src/infrastructure/config/reference.ts';
import { place } from './fixture.ts';

const failure = (input: ConfigInput): ConfigurationError => {
  try {
    loadConfig(input);
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return thrown;
    throw thrown;
  }
  throw new Error('the configuration was taken');
};

describe('every problem is told at once', () => {
  test('types, ranges, rules, rules over several settings and files stand in one error', () => {
    const { input, write, root } = place();
    write('.env', 'ORCHESTRATOR_PORTBASE=1\nORCHESTRATOR_CONFIG_DIR=/x\n');
    write('config.json', '{"max_worker": 2, "log_level": "LOUD"}');
    const error = failure(
      input({
        env: {
          ORCHESTRATOR_MAX_WORKERS: '33',
          ORCHESTRATOR_DEFAULT_TIMEOUT: 'soon',
          ORCHESTRATOR_VERIFY_TIMEOUT: '3601',
          ORCHESTRATOR_CLAUDE_PATH: 'bin/claude',
          ORCHESTRATOR_WORKER_ENV: 'A,B=C',
          ORCHESTRATOR_TEST_NAME_PATTERN: '(a)(b)',
          ORCHESTRATOR_ALLOWED_ROOTS: '/',
          ORCHESTRATOR_STATE_DIR: path.join(root, 's'),
          ORCHESTRATOR_WORKTREES_DIR: path.join(root, 's', 'w'),
        },
        flags: { portBase: '80' },
      }),
    );
    expect(error.code).toBe('CONFIGURATION_INVALID');
    expect(error.message.replaceAll(root, '')).toMatchSnapshot();
  });

  test('config.json that is no JSON or no object is told without a word of its content', () => {
    const { input, write } = place();
    write('config.json', '{"a": sk-ant-api03-canarycanary}');
    const { message } = failure(input());
    expect(message).toMatch(/config\.json is not valid JSON/);
    expect(message).not.toMatch(/canary/);
    write('config.json', '[1]');
    expect(failure(input()).message).toMatch(/config\.json must hold one JSON object/);
  });

  test('a misplaced secret shows in no error, no warning and no explanation', () => {
    const { input, write } = place();
    const canary = 'sk-ant-api03-CANARY=x';
    write('.env', `ANTHROPIC_API_KEY=${canary}\n`);
    // What takes any text refuses none; it is not shown either, which the last line holds.
    const anyText = ['testNamePattern', 'oauthAudience', 'webhookSecret', 'apiKey'];
    const refused = settingReference().filter((s) => !anyText.includes(s.key));
    const bad = input({
      env: Object.fromEntries(refused.map((s) => [s.env, canary])),
      flags: { logLevel: canary },
    });
    const error = failure(bad);
    expect(error.message.match(/^ {2}- /gm)).toHaveLength(refused.length);
    expect(JSON.stringify([error.message, error, explainConfig(bad)])).not.toContain('CANARY');
  });

  test('a webhook needs the secret that signs it, and a notify command an absolute path', () => {
    const { input } = place();
    const problemsOf = (env: Record<string, string>) => explainConfig(input({ env })).problems;
    const url = { ORCHESTRATOR_WEBHOOK_URL: 'https://hook.example/x' };
    expect(problemsOf(url)).toEqual([
      expect.stringMatching(/^ORCHESTRATOR_WEBHOOK_URL .*needs ORCHESTRATOR_WEBHOOK_SECRET/),
    ]);
    expect(problemsOf({ ...url, ORCHESTRATOR_WEBHOOK_SECRET: 'a secret of a receiver' })).toEqual([]);
    expect(problemsOf({ ORCHESTRATOR_NOTIFY_COMMAND: 'notify-send' })).toEqual([
      expect.stringContaining('must be an absolute path'),
    ]);
  });

  test('explaining works where loading does not', () => {
    const { input } = place();
    const { rows, problems } = explainConfig(
      input({ env: { ORCHESTRATOR_MAX_WORKERS: 'many', LOG_LEVEL: 'debug' } }),
    );
    expect(problems).toEqual([
      'ORCHESTRATOR_MAX_WORKERS (environment) must be "auto" or a whole number from 1 to 100',
    ]);
    expect(rows.find((row) => row.name === 'ORCHESTRATOR_MAX_WORKERS')?.value).toBeNull();
    expect(rows.find((row) => row.name === 'LOG_LEVEL')).toMatchObject({
      value: 'DEBUG',
      source: 'environment',
    });
    expect(rows).toHaveLength(settingReference().length + 1);
  });
});

describe('the number of workers fits the machine', () => {
  const workers = (max: string, cores = 2, gb = 16) => {
    const { input } = place();
    return input({ env: { ORCHESTRATOR_MAX_WORKERS: max }, cores, availableMemory: gb * 1024 ** 3 });
  };
  test('above the cores is a warning that says why, up to 8 for each core', () => {
    expect(loadConfig(workers('2')).warnings).toEqual([]);
    const { config, warnings } = loadConfig(workers('16'));
    expect(config.maxWorkers).toBe(16);
    expect(warnings).toEqual([expect.stringMatching(/above the 2 cores.*wait on the network/)]);
  });
  test('above 8 for each core, or above the memory, is an error', () => {
    expect(failure(workers('17')).message).toMatch(/must be at most 16: 8 for each of 2 cores/);
    expect(failure(workers('5', 2, 1)).message).toMatch(
      /must be at most 4: more do not fit into the free memory/,
    );
    expect(loadConfig(workers('4', 2, 1)).config.maxWorkers).toBe(4);
  });
  test('outside 1 to 100 is an error on any machine', () => {
    for (const max of ['0', '101', '1.5', '-1', '1e3', 'many']) {
      expect(failure(workers(max, 64, 1000)).message).toMatch(/"auto" or a whole number from 1 to 100/);
    }
  });
  test('auto is 4 for each core, bounded by memory and by 16, never 0, and never warned about', () => {
    const auto = (cores: number, gb: number) => loadConfig(workers('AUTO', cores, gb));
    expect(auto(2, 16)).toMatchObject({ config: { maxWorkers: 8 }, warnings: [] });
    expect(auto(2, 1).config.maxWorkers).toBe(4);
    expect(auto(64, 512).config.maxWorkers).toBe(16);
    expect(auto(2, 0.1).config.maxWorkers).toBe(1);
  });
});

describe('folders', () => {
  test('the default roots are home and the folder of the start, but never /', () => {
    const { input, root } = place();
    const home = path.join(root, 'home');
    expect(loadConfig(input({ cwd: '/' })).config.allowedRoots).toEqual([home]);
    expect(loadConfig(input({ cwd: home })).config.allowedRoots).toEqual([home]);
    expect(failure(input({ cwd: '/', home: '/' })).message).toMatch(
      /ORCHESTRATOR_ALLOWED_ROOTS .*at least one folder/,
    );
  });
  test('roots are split like PATH, must be absolute, and one that is missing is warned about', () => {
    const { input, root } = place();
    const load = (...roots: string[]) =>
      loadConfig(input({ env: { ORCHESTRATOR_ALLOWED_ROOTS: roots.join(path.delimiter) } }));
    const [home, work, gone] = ['home', 'work', 'gone'].map((name) => path.join(root, name)).map(String);
    expect(load(`${home}/`, `${root}/home/../work`).config.allowedRoots).toEqual([home, work]);
    expect(() => load(`${home}`, 'work')).toThrow(/must be an absolute path/);
    expect(load(`${gone}`).warnings).toEqual([expect.stringContaining(`${gone}`)]);
  });
  test('state and worktrees lie apart, whatever links say, in both directions', () => {
    const { input, root } = place();
    const at = (name: string) => path.join(root, name);
    mkdirSync(at('state'));
    symlinkSync(at('state'), at('link'));
    const env = (state: string, trees: string) =>
      input({ env: { ORCHESTRATOR_STATE_DIR: at(state), ORCHESTRATOR_WORKTREES_DIR: at(trees) } });
    expect(failure(env('state', 'link/trees')).message).toMatch(
      /WORKTREES_DIR .*must not lie inside the state folder/,
    );
    expect(failure(env('trees/state', 'trees')).message).toMatch(
      /STATE_DIR .*must not lie inside the worktrees folder/,
    );
    expect(failure(env('state', 'state')).message).toMatch(/must not lie inside/);
    expect(loadConfig(env('state', 'state-trees')).config.worktreesDir).toBe(at('state-trees'));
  });
  test('no allowed root lies in the folders of the orchestrator', () => {
    const { input, root } = place();
    const env = { ORCHESTRATOR_STATE_DIR: root, ORCHESTRATOR_WORKTREES_DIR: `${root}-trees` };
    expect(failure(input({ env })).message).toMatch(/ORCHESTRATOR_ALLOWED_ROOTS .*own folders/);
  });
});

describe('values', () => {
  test('lists come from text and from JSON, words in any case', () => {
    const { input, write } = place();
    write('config.json', JSON.stringify({ worker_env: ['A', 'B'], worker_settings: 'none' }));
    expect(loadConfig(input()).config).toMatchObject({ workerEnv: ['A', 'B'], workerSettings: [] });
    const env = {
      ORCHESTRATOR_WORKER_ENV: 'C, D,',
      ORCHESTRATOR_WORKER_SETTINGS: 'user,project',
      LOG_LEVEL: 'warning',
    };
    expect(loadConfig(input({ env })).config).toMatchObject({
      workerEnv: ['C', 'D'],
      workerSettings: ['user', 'project'],
      logLevel: 'WARNING',
    });
  });
  test('a pattern for test names needs exactly one group', () => {
    const { input } = place();
    const load = (pattern: string) =>
      loadConfig(input({ env: { ORCHESTRATOR_TEST_NAME_PATTERN: pattern } })).config;
    expect(load('^FAIL (?:in )?(.+)$').testNamePattern).toBe('^FAIL (?:in )?(.+)$');
    for (const bad of ['FAIL', '(a)(b)']) expect(() => load(bad)).toThrow(/exactly one capture group/);
    for (const bad of ['(', '[', '*']) expect(() => load(bad)).toThrow(/valid regular expression/);
  });
  test('the ports of all workers end below 65536', () => {
    const { input } = place();
    const env = { ORCHESTRATOR_PORT_BASE: '65000', ORCHESTRATOR_MAX_WORKERS: '32' };
    expect(failure(input({ env })).message).toMatch(/ORCHESTRATOR_PORT_BASE .*at most 64896/);
  });
  test('an unknown ORCHESTRATOR_ name in the environment is a warning', () => {
    const { input } = place();
    const { warnings } = loadConfig(input({ env: { ORCHESTRATOR_MAX_WORKER: '3', HOME: '/x' } }));
    expect(warnings).toEqual([
      'ORCHESTRATOR_MAX_WORKER in the environment is not a setting of this version.',
    ]);
  });
});
