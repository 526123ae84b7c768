import { AuthenticationError, ConfigurationError } from '../../domain/errors/index.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { Clock } from '../ports/system.ts';
import { Attempts } from './attempts.ts';
import { normalPassphrase, passphraseProblem } from './passphraseRule.ts';
import type { PassphraseFile, PassphraseHasher } from './ports.ts';
import type { PassphraseRecord } from './records.ts';
import type { SecurityLog } from './securityLog.ts';

export type PassphraseDeps = {
  readonly file: PassphraseFile;
  readonly hasher: PassphraseHasher;
  readonly clock: Clock;
};

/** The server's side: it checks a passphrase and never writes one. */
export interface PassphraseCheck {
  /** @throws AuthenticationError wrong, or none is set: one answer, the same work · RateLimitError too many tries */
  demand(passphrase: string): Promise<void>;
  /** Since when the one that stands does, ms since the epoch: set, or seen to be another one; undefined where there is none. */
  setAt(): Promise<number | undefined>;
}

export const createPassphraseCheck = ({
  file,
  hasher,
  clock,
  log,
}: PassphraseDeps & { readonly log: SecurityLog }): PassphraseCheck => {
  const attempts = new Attempts(clock);
  let seen: { readonly record: string } | undefined;
  let changedAt = 0;
  /** Also one that is put back as it was: what another one opened meanwhile must end with it. */
  const notice = (found: PassphraseRecord | undefined): void => {
    const now = found === undefined ? '' : canonicalJson(found);
    if (seen !== undefined && seen.record !== now) changedAt = clock.now();
    seen = { record: now };
  };
  /** A file that cannot be used is no passphrase; why not is for the log, not for whoever knocks. */
  const record = async (): Promise<PassphraseRecord | undefined> => {
    try {
      const found = await file.read();
      notice(found);
      return found;
    } catch (thrown) {
      log.refused('the file of the passphrase cannot be used', {
        error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      });
      return undefined;
    }
  };
  return {
    demand: async (passphrase) => {
      const good = await attempts.try(async () =>
        hasher.matches(normalPassphrase(passphrase), await record()),
      );
      if (good) return;
      throw new AuthenticationError('That is not the passphrase, or none is set.', {
        hint: 'Set one with `claude-orchestrator init` in a terminal of the machine that the server runs on.',
      });
    },
    setAt: async () => {
      const found = await record();
      return found && Math.max(found.created_at, changedAt);
    },
  };
};

/** The person's side, for `init` alone: it runs in a terminal, never in the server. */
export interface PassphraseSetting {
  isSet(): Promise<boolean>;
  /** True where it is the one that stands. */
  matches(passphrase: string): Promise<boolean>;
  /** @throws ConfigurationError too weak, or another one was set since `old` was checked. */
  set(passphrase: string, old: string | undefined): Promise<void>;
}

export const createPassphraseSetting = ({ file, hasher, clock }: PassphraseDeps): PassphraseSetting => {
  const matches = async (passphrase: string, record: PassphraseRecord | undefined): Promise<boolean> =>
    hasher.matches(normalPassphrase(passphrase), record);
  return {
    isSet: async () => (await file.read()) !== undefined,
    matches: async (passphrase) => matches(passphrase, await file.read()),
    set: async (passphrase, old) => {
      const problem = passphraseProblem(passphrase);
      if (problem !== undefined) {
        throw new ConfigurationError(`This passphrase is too weak. ${problem}`, {
          hint: 'Take four or more words that do not belong together.',
        });
      }
      const record = await file.read();
      if (record !== undefined && (old === undefined || !(await matches(old, record)))) {
        throw new ConfigurationError('A passphrase is set already, and the old one was not given.', {
          hint: 'Run `claude-orchestrator init` again and type the old passphrase when it asks.',
        });
      }
      await file.write(await hasher.make(normalPassphrase(passphrase), clock.now()));
    },
  };
};
