import { type BigIntStats, statSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_POLICY, type Policy, policyOf } from '../../domain/safety/policy/policy.ts';
import { hashed } from './hashed.ts';
import { readPolicyFile } from './policyFile.ts';

export type PolicySourceOptions = {
  /** The file that the setting names; it must be there. */
  readonly file: string | undefined;
  /** Folder of config.json, where `policy.yaml`, `policy.yml` or `policy.json` may lie. */
  readonly configDir: string;
  /** Hears that another policy is in force, by their hashes. */
  readonly onChanged?: (hash: string, previous: string) => void;
  /** Hears why a changed file is not in force; once a change. */
  readonly onProblem?: (error: unknown) => void;
};

export type PolicySource = {
  /** As it is now. A file that has changed is read anew; one that is wrong since leaves the last good one in force. */
  readonly current: () => Policy;
  /** Where it comes from; undefined for the built-in one. */
  readonly file: () => string | undefined;
};

const NAMES = ['policy.yaml', 'policy.yml', 'policy.json'] as const;

const stampOf = (file: string): string | undefined => {
  const stats: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined
    ? undefined
    : `${file}\n${stats.mtimeNs}\n${stats.ctimeNs}\n${stats.size}\n${stats.ino}`;
};

/**
 * The policy of this machine, held against its file at each use: an edit is in force at the next call.
 * @throws ConfigurationError where the file is missing or wrong at the start.
 */
export const policySource = (o: PolicySourceOptions): PolicySource => {
  const find = (): string | undefined =>
    o.file ?? NAMES.map((name) => path.join(o.configDir, name)).find((file) => stampOf(file) !== undefined);
  const read = (file: string | undefined): Policy =>
    hashed(file === undefined ? DEFAULT_POLICY : policyOf(readPolicyFile(file)));
  let file = find();
  let stamp = file === undefined ? undefined : stampOf(file);
  let policy = read(file);
  return {
    file: () => file,
    current: () => {
      const nowFile = find();
      const now = nowFile === undefined ? undefined : stampOf(nowFile);
      if (now === stamp) return policy;
      const unread = stamp;
      stamp = now;
      try {
        const next = read(nowFile);
        file = nowFile;
        const previous = policy.hash;
        policy = next;
        if (next.hash !== previous) o.onChanged?.(next.hash, previous);
      } catch (error) {
        // Gone with its setting still there, or torn while it is written: tell once, look again at the next change.
        if (unread !== now) o.onProblem?.(error);
      }
      return policy;
    },
  };
};
