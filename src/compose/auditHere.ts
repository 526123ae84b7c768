import path from 'node:path';
import { FileSystemError } from '../domain/errors/index.ts';
import { exportLog, exportLogTo } from '../infrastructure/audit/exportLog.ts';
import { verifyLog } from '../infrastructure/audit/verifyLog.ts';
import { loadConfig } from '../infrastructure/config/load.ts';
import type { AuditDeps } from '../presentation/cli/commands/audit.ts';
import type { FlagValues } from '../presentation/cli/deps.ts';
import { configInput } from './thisProcess.ts';

const placesOf = (flags: FlagValues) => {
  const { stateDir, auditHeadCopy } = loadConfig(configInput(flags)).config;
  return { stateDir, auditHeadCopy, database: path.join(stateDir, 'orchestrator.sqlite') };
};

/** The log of the state directory that the settings name, for `audit`. */
export const auditHere: AuditDeps['audit'] = {
  verify: async ({ flags, heads, key, approvals }) => {
    const { stateDir, auditHeadCopy, database } = placesOf(flags);
    const copies = auditHeadCopy === undefined || heads.includes(auditHeadCopy) ? [] : [auditHeadCopy];
    return verifyLog({ stateDir, database, heads: [...copies, ...heads], key, approvals });
  },
  export: async ({ flags, after, out, onText }) => {
    const { database } = placesOf(flags);
    if (out === undefined) return exportLog(database, after, onText);
    try {
      return await exportLogTo(out, database, after);
    } catch (thrown) {
      if (!(thrown instanceof Error) || !('syscall' in thrown)) throw thrown;
      throw new FileSystemError(`The entries cannot be written to ${out}: ${thrown.message}.`, {
        hint: 'Name a file that is not there yet, in a folder that you may write to.',
        cause: thrown,
      });
    }
  },
};
