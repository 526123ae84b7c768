import { createPassphraseSetting, type PassphraseSetting } from '../application/access/passphrase.ts';
import type { ElicitationSetting } from '../application/approving/elicitationChoice.ts';
import { approvalChoiceIn } from '../infrastructure/access/approvalChoice.ts';
import { passphraseFileIn } from '../infrastructure/access/passphraseFile.ts';
import { createScryptHasher } from '../infrastructure/access/scryptHasher.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import type { FlagValues } from '../presentation/cli/deps.ts';
import { createClient, type OrchestratorClient } from '../presentation/client/client.ts';
import { configInput } from './thisProcess.ts';

type Connect = (flags: FlagValues) => Promise<OrchestratorClient>;

/** The passphrase of the state directory that the settings name, for `init`. */
export const passphraseHere = (flags: FlagValues): PassphraseSetting =>
  createPassphraseSetting({
    file: passphraseFileIn(loadConfig(configInput(flags)).config.stateDir),
    hasher: createScryptHasher(),
    clock: systemClock,
  });

/** What the same state directory says about approvals, for `init`. */
export const elicitationHere = (flags: FlagValues): ElicitationSetting =>
  approvalChoiceIn(loadConfig(configInput(flags)).config.stateDir, systemClock);

/** A client with the key of ORCHESTRATOR_API_KEY; undefined where none is set. */
export const clientWithKey = async (
  flags: FlagValues,
  connect: Connect,
): Promise<OrchestratorClient | undefined> => {
  const { apiKey } = loadConfig(configInput(flags)).config;
  return apiKey === undefined ? undefined : createClient({ url: (await connect(flags)).url, apiKey });
};

/** A client without any credential, until the person signs in. */
export const clientOfPerson = async (flags: FlagValues, connect: Connect): Promise<OrchestratorClient> =>
  createClient({ url: (await connect(flags)).url });
