import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const PROGRAM = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

const checksSchema = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);

/** What the suite found for one scenario: nothing where it passed. */
export type Outcome = { readonly scenario: string; readonly problem: string | undefined };

/** Warnings count as well: a scenario that was not really run has not been passed. */
const problemIn = (checks: z.infer<typeof checksSchema>): string | undefined => {
  const bad = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  if (bad.length > 0)
    return bad.map(({ id, errorMessage }) => `${id}: ${errorMessage ?? 'warning'}`).join('; ');
  return checks.some(({ status }) => status === 'SUCCESS') ? undefined : 'nothing was checked';
};

/** Runs every server scenario of the official suite against `url`, in one process. */
export const runSuite = async (url: string): Promise<readonly Outcome[]> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'conformance-'));
  try {
    const args = [PROGRAM, 'server', '--url', url, '--suite', 'all', '--output-dir', folder];
    const child = spawn(process.execPath, args, { stdio: 'ignore', cwd: folder });
    await once(child, 'exit');
    const results = await readdir(folder);
    return await Promise.all(
      results.map(async (name) => ({
        scenario: name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, ''),
        problem: problemIn(
          checksSchema.parse(JSON.parse(await readFile(path.join(folder, name, 'checks.json'), 'utf8'))),
        ),
      })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** `scenario: reason` a line; lines that begin with # are words for the reader. */
export const expectedFailures = async (): Promise<ReadonlyMap<string, string>> => {
  const text = await readFile(new URL('expected-failures.txt', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [scenario = '', ...reason] = line.split(': ');
      return [scenario, reason.join(': ').trim()];
    }),
  );
};
