import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/infrastructure/config/load.ts';
import { configurationDoc, settingReference } from '../../../src/infrastructure/config/reference.ts';
import { toSettings } from '../../../src/infrastructure/config/settings.ts';
import { place } from './fixture.ts';

test('docs/configuration.md is what the schema says', async () => {
  await expect(configurationDoc()).toMatchFileSnapshot('../../../docs/configuration.md');
});

test('use cases get what was configured', () => {
  const { input } = place();
  const env = {
    ORCHESTRATOR_MAX_WORKERS: '3',
    ORCHESTRATOR_VERIFY_TIMEOUT: '9',
    ORCHESTRATOR_PORT_BASE: '30000',
  };
  expect(toSettings(loadConfig(input({ env })).config)).toMatchObject({
    maxWorkers: 3,
    verifyTimeoutSeconds: 9,
    portBase: 30_000,
    defaultTimeoutSeconds: 1800,
    maxQueuedTasks: 10_000,
  });
});

test('no two settings share a name', () => {
  for (const name of ['env', 'file', 'flag'] as const) {
    const names = settingReference().map((setting) => setting[name]);
    expect(new Set(names).size).toBe(names.length);
  }
});
