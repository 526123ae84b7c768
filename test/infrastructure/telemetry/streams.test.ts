import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const program = (format: string): string => `
  const { createLogger } = await import(${JSON.stringify(new URL('../../../src/infrastructure/telemetry/logger.ts', import.meta.url).href)});
  const log = await createLogger({ level: 'INFO', format: '${format}' });
  for (let i = 0; i < 500; i++) log.info('SYSTEM', 'line ' + i, { filler: 'x'.repeat(500) });
  process.kill(process.pid, 'SIGKILL');
`;

test.each(['json', 'pretty'])(
  '%s goes to stderr, whole even where the process is killed, and stdout stays empty',
  async (format) => {
    const cwd = fileURLToPath(new URL('../../../', import.meta.url));
    const done = await execa(process.execPath, ['--input-type=module', '-e', program(format)], {
      cwd,
      reject: false,
    });
    expect(done.signal).toBe('SIGKILL');
    expect(done.stdout).toBe('');
    expect(done.stderr.match(/line \d+/g)).toEqual(Array.from({ length: 500 }, (_, i) => `line ${i}`));
  },
);

test('a client that closes stderr does not end the server', async () => {
  const child = execa(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      program('json').replace("process.kill(process.pid, 'SIGKILL')", 'console.log("alive")'),
    ],
    {
      reject: false,
    },
  );
  child.stderr.destroy();
  const done = await child;
  expect(done).toMatchObject({ exitCode: 0, stdout: 'alive' });
});
