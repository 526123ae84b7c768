import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createClientRegistry } from '../../../src/infrastructure/clients/registry.ts';

/** A home of its own, with blanks and quotes in its name as homes may have. */
export const makeHome = () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestrator-clients-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = path.join(root, `o'neil "x" home`);
  mkdirSync(home);
  const write = (file: string, text: string): string => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
    return path.join(home, file);
  };
  const program = (file: string): string => {
    const made = write(file, '#!/bin/sh\n');
    chmodSync(made, 0o755);
    return made;
  };
  return { root, home, write, program };
};

export const registryIn = (
  home: string,
  over: { readonly script?: string; readonly path?: string; readonly node?: string } = {},
) =>
  createClientRegistry({
    platform: 'linux',
    home,
    env: { HOME: home, PATH: over.path ?? '' },
    cwd: home,
    node: over.node ?? process.execPath,
    script: over.script ?? path.join(home, 'lib', 'dist', 'main.js'),
    version: '1.2.3',
  });
