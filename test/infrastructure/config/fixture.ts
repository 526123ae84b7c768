import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import type { ConfigInput } from '../../../src/infrastructure/config/reading.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

export type Place = {
  readonly root: string;
  readonly configDir: string;
  readonly write: (name: '.env' | 'config.json', text: string) => void;
  readonly input: (over?: Partial<ConfigInput>) => ConfigInput;
};

/** A home of its own with a configuration folder, and a machine of 4 cores and 8 GB. */
export const place = (): Place => {
  const root = mkdtempSync(path.join(tmpdir(), 'config-'));
  made.push(root);
  const at = (name: string): string => path.join(root, name);
  const configDir = at('config');
  for (const name of ['config', 'home', 'work']) mkdirSync(at(name));
  return {
    root,
    configDir,
    write: (name, text) => writeFileSync(path.join(configDir, name), text),
    input: (over = {}) => ({
      env: {},
      flags: {},
      cores: 4,
      availableMemory: 8 * 1024 ** 3,
      home: at('home'),
      cwd: at('work'),
      paths: { data: at('data'), config: configDir, cache: at('cache') },
      ...over,
    }),
  };
};
