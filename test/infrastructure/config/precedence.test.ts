import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/infrastructure/config/load.ts';
import { place } from './fixture.ts';

const SOURCES = ['environment', '.env', 'config.json', 'flag'] as const;
const SETTINGS = [
  { key: 'defaultTimeout', env: 'ORCHESTRATOR_DEFAULT_TIMEOUT', file: 'default_timeout', fallback: 1800 },
  { key: 'verifyTimeout', env: 'ORCHESTRATOR_VERIFY_TIMEOUT', file: 'verify_timeout', fallback: 600 },
  { key: 'maxQueuedTasks', env: 'ORCHESTRATOR_MAX_QUEUED_TASKS', file: 'max_queued_tasks', fallback: 10_000 },
] as const;

const value = fc.integer({ min: 1, max: 3600 });
const given = fc.record(
  Object.fromEntries(SOURCES.map((source) => [source, fc.option(value, { nil: undefined })])),
);
const cases = fc.tuple(given, given, given);

describe('environment beats .env beats config.json beats flag beats default', () => {
  test('for any subset of the sources, setting by setting, and each value knows its source', () => {
    const { input, write } = place();
    fc.assert(
      fc.property(cases, (all) => {
        const from = (source: (typeof SOURCES)[number]) =>
          SETTINGS.flatMap((setting, i) => {
            const number = all[i]?.[source];
            return number === undefined ? [] : [{ setting, number }];
          });
        write(
          '.env',
          from('.env')
            .map(({ setting, number }) => `${setting.env}=${number}\n`)
            .join(''),
        );
        write(
          'config.json',
          JSON.stringify(Object.fromEntries(from('config.json').map((f) => [f.setting.file, f.number]))),
        );
        const { config, sources } = loadConfig(
          input({
            env: Object.fromEntries(from('environment').map((f) => [f.setting.env, String(f.number)])),
            flags: Object.fromEntries(from('flag').map((f) => [f.setting.key, String(f.number)])),
          }),
        );
        for (const [i, { key, fallback }] of SETTINGS.entries()) {
          const winner = SOURCES.find((source) => all[i]?.[source] !== undefined);
          expect(sources.get(key)).toBe(winner ?? 'default');
          expect(config[key]).toBe(winner === undefined ? fallback : all[i]?.[winner]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a flag that loses is warned about by name, one that says the same is not', () => {
    const { input } = place();
    const env = { ORCHESTRATOR_DEFAULT_TIMEOUT: '60', ORCHESTRATOR_VERIFY_TIMEOUT: '60' };
    const { config, warnings } = loadConfig(
      input({ env, flags: { defaultTimeout: '61', verifyTimeout: '60' } }),
    );
    expect(config.defaultTimeout).toBe(60);
    expect(warnings).toEqual([
      '--default-timeout is not used: ORCHESTRATOR_DEFAULT_TIMEOUT from environment is stronger than a flag.',
    ]);
  });

  test('a variable that is empty counts as not set', () => {
    const { input, write } = place();
    write('.env', 'ORCHESTRATOR_MAX_WORKERS=3\n');
    const { config } = loadConfig(input({ env: { ORCHESTRATOR_MAX_WORKERS: ' ' } }));
    expect(config.maxWorkers).toBe(3);
  });
});

describe('files come from the configuration folder only', () => {
  test('a .env or config.json in the folder of the start or at home changes nothing', () => {
    const { input, root } = place();
    for (const dir of ['work', 'home']) {
      writeFileSync(path.join(root, dir, '.env'), 'ORCHESTRATOR_DEFAULT_TIMEOUT=7\n');
      writeFileSync(path.join(root, dir, 'config.json'), '{"default_timeout": 7}');
    }
    expect(loadConfig(input()).config.defaultTimeout).toBe(1800);
  });

  test('ORCHESTRATOR_CONFIG_DIR moves it, a relative one is refused, and a missing one is warned about', () => {
    const { input, root } = place();
    const elsewhere = path.join(root, 'home');
    writeFileSync(path.join(elsewhere, 'config.json'), '{"default_timeout": 7}');
    const load = (dir: string) => loadConfig(input({ env: { ORCHESTRATOR_CONFIG_DIR: dir } }));
    expect(load(elsewhere).config).toMatchObject({ defaultTimeout: 7, configDir: elsewhere });
    expect(() => load('home')).toThrow('ORCHESTRATOR_CONFIG_DIR (environment) must be an absolute path');
    expect(load(path.join(root, 'nowhere')).warnings).toEqual([
      expect.stringContaining('ORCHESTRATOR_CONFIG_DIR'),
    ]);
  });
});
