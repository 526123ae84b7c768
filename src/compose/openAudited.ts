import path from 'node:path';
import type { PassphraseFile } from '../application/access/ports.ts';
import { type AuditFeed, auditFeed } from '../application/auditing/feed.ts';
import type { AuditStore } from '../application/auditing/ports.ts';
import { type Seen, settingWatch } from '../application/auditing/settingWatch.ts';
import { startAudit } from '../application/auditing/start.ts';
import { watchedPassphrase } from '../application/auditing/watchedPassphrase.ts';
import type { Logger } from '../application/ports/logger.ts';
import type { Store } from '../application/ports/store.ts';
import { passphraseFileIn } from '../infrastructure/access/passphraseFile.ts';
import { openHeads } from '../infrastructure/audit/headKeeper.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { type Database, openDatabase } from '../infrastructure/store/database.ts';
import { storeOver } from '../infrastructure/store/store.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';
import { redactText, secretValues } from '../infrastructure/telemetry/secrets.ts';

export type Audited = {
  /** Its `close` says in the log that the server has stopped, and waits for the last signed head. */
  readonly store: Store;
  readonly database: Database;
  readonly audit: AuditStore;
  readonly feed: AuditFeed;
  /** What is wrong with the log or its heads, a sentence each. */
  readonly auditProblems: () => readonly string[];
  readonly passphraseFile: PassphraseFile;
  /** Hears the policy that holds now: its hash, and where it comes from. */
  readonly policySeen: (seen: Seen) => void;
  /** Hears what the person chose about approvals. */
  readonly settingsSeen: (seen: Seen) => void;
};

/** Secrets that are known by value; those by form are struck out everywhere. */
const knownSecrets = (config: Config, env: NodeJS.ProcessEnv): readonly string[] =>
  secretValues({ ...env, WEBHOOK_SECRET: config.webhookSecret, API_KEY: config.apiKey });

/** Opens the store with the audit log in it, whose first entry says how the log was found. */
export const openAudited = async (
  config: Config,
  env: NodeJS.ProcessEnv,
  logger: Logger,
  o: { readonly version: string; readonly maxQueuedTasks: number },
): Promise<Audited> => {
  const heads = await openHeads({
    stateDir: config.stateDir,
    copy: config.auditHeadCopy,
    clock: systemClock,
    logger,
  });
  const secrets = knownSecrets(config, env);
  const database = await openDatabase(path.join(config.stateDir, 'orchestrator.sqlite'));
  const store = storeOver(database, {
    clock: systemClock,
    maxQueuedTasks: o.maxQueuedTasks,
    strike: (text) => redactText(text, secrets),
    onAudited: heads.changed,
  });
  const { audit } = store;
  const lost = new Set<string>();
  const feed = auditFeed({
    trail: audit,
    clock: systemClock,
    logger,
    onLost: (problem) => lost.add(problem),
  });
  const damage = await startAudit({ store: audit, feed, heads, logger, version: o.version });
  const passphraseFile = watchedPassphrase(
    passphraseFileIn(config.stateDir),
    await settingWatch(audit, feed, 'passphrase.set'),
  );
  // A file that cannot be used is told where somebody wants to use it.
  await passphraseFile.read().catch(() => undefined);
  let closed = false;
  return {
    store: {
      ...store,
      close: async () => {
        if (closed) return;
        closed = true;
        // Nothing is waited for before the store closes: on a full disk only that writes what is held.
        const told = feed.flush();
        feed.tell({ type: 'server.stopped', actor: 'server', detail: {} });
        await store.close();
        await Promise.all([told, feed.flush()]);
        await heads.flush();
      },
    },
    database,
    audit,
    feed,
    auditProblems: () => [...damage, ...heads.problems(), ...lost],
    passphraseFile,
    policySeen: await settingWatch(audit, feed, 'policy.changed'),
    settingsSeen: await settingWatch(audit, feed, 'settings.changed'),
  };
};
