import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { explainConfig } from '../../../src/infrastructure/config/explain.ts';
import { settingReference } from '../../../src/infrastructure/config/reference.ts';
import { runCli } from '../../../src/presentation/cli/run.ts';
import { createHarness } from './support/harness.ts';

const cli = async (argv: readonly string[]): Promise<string> => {
  let stdout = '';
  const { deps } = createHarness({
    settings: settingReference().filter((setting) => !setting.secret),
    stdout: (text) => {
      stdout += text;
    },
    explain: (flags) =>
      explainConfig({
        env: {
          ORCHESTRATOR_CONFIG_DIR: `${tmpdir()}/no-such-folder`,
          // A secret is no flag, and the webhook is nothing without it.
          ORCHESTRATOR_WEBHOOK_SECRET: 'a secret of a receiver',
        },
        flags,
        cores: 4,
        availableMemory: 8 * 1024 ** 3,
        home: tmpdir(),
        cwd: '/',
      }),
  });
  await runCli(argv, deps);
  return stdout;
};

test('every setting can be given as a flag, and arrives as the setting of that name', async () => {
  const values = [
    '/s',
    '/w',
    tmpdir(),
    '3',
    '5',
    '6',
    '7',
    '/c',
    'A',
    'user',
    '(x)',
    '3000',
    'localhost',
    '8123',
    'https://o.example',
    '/cert',
    '/key',
    '10.0.0.1',
    'https://page.example',
    '50',
    'https://issuer.example',
    'me',
    '1.5',
    '9',
    'core',
    '/policy',
    'off',
    'haiku',
    '30',
    '600',
    '/notify',
    'https://hook.example',
    '/head',
    'ERROR',
    'pretty',
  ];
  const settings = settingReference().filter((s) => !s.secret && s.key !== 'url');
  expect(values).toHaveLength(settings.length);
  const flags = settings.flatMap(({ flag }, i) => [flag, `${values[i]}`]);
  const { settings: rows, problems } = JSON.parse(await cli(['config', 'explain', '--json', ...flags]));
  expect(problems).toEqual([]);
  const told = rows
    .slice(1)
    .map((row: { name: string; value: unknown; source: string }) => [
      row.name,
      String(row.value),
      row.source,
    ]);
  expect(told.filter(([name]: [string]) => settings.some(({ env }) => env === name))).toEqual(
    settings.map(({ env }, i) => [env, values[i], 'flag']),
  );
});

test('the help of a command shows every flag', async () => {
  const help = await cli(['mcp', '--help']);
  for (const { flag } of settingReference().filter((s) => !s.secret))
    expect(help).toContain(`${flag} <value>`);
});
