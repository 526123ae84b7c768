import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { processTable } from '../../../src/infrastructure/process/currentTable.ts';
import { findProgram } from '../../../src/infrastructure/process/findProgram.ts';
import type { TokenCarrier } from '../../../src/infrastructure/process/processTable.ts';
import type { ProcessTree } from '../../../src/infrastructure/process/tree.ts';

/** Long enough for a machine that does much else: only a broken promise waits so long. */
export const DEADLINE = { timeout: 30_000, interval: 20 };

/** As many random letters as a run token has. */
export const newToken = (): string => `run_${randomBytes(8).toString('hex')}`;

/** Every process that carries this run token now. */
export const carriersOf = (token: string): readonly TokenCarrier[] => processTable.carriers(new Set([token]));

/** A name that stands on the command line of a test's processes, and of no others. */
export const newMarker = (): string => `marker-${randomBytes(8).toString('hex')}`;

const PATH = process.env.PATH ?? '';

/** Absolute, so that tests may take PATH away. */
export const program = (name: string): string => {
  const found = findProgram(name, PATH, '/');
  if (found === undefined) throw new Error(`these tests need ${name}`);
  return found;
};

export const environment = { PATH };

/** Processes that live (are not just uncollected) with the marker on their command line. */
export const living = (marker: string): readonly number[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(marker) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

export const gone = (marker: string): Promise<void> =>
  expect.poll(() => living(marker), DEADLINE).toEqual([]);

/** Resolves when the process has printed `words`; rejects when it ends before. */
export const says = (tree: Pick<ProcessTree, 'child' | 'exited'>, words: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    tree.child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve(text);
    });
    void tree.exited.then(() => reject(new Error(`it ended and had said: ${text}`)));
  });
