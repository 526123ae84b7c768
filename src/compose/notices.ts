import type { Orchestrator } from '../application/api.ts';
import { type Notifier, tellPeople } from '../application/approving/notices.ts';
import type { Logger } from '../application/ports/logger.ts';
import type { Config } from '../infrastructure/config/schema.ts';
import { commandNotifier } from '../infrastructure/notify/command.ts';
import { webhookNotifier } from '../infrastructure/notify/webhook.ts';
import { systemClock } from '../infrastructure/system/systemClock.ts';

type Noticing = {
  readonly config: Pick<Config, 'notifyCommand' | 'webhookUrl' | 'webhookSecret'>;
  readonly orchestrator: Pick<Orchestrator, 'subscribe' | 'approval'>;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly version: string;
  /** Undefined where this process has no pages. */
  readonly publicUrl: string | undefined;
};

const notifiersOf = (o: Noticing, signal: AbortSignal): readonly Notifier[] => {
  const { notifyCommand, webhookUrl, webhookSecret } = o.config;
  const common = { clock: systemClock, logger: o.logger, signal };
  return [
    ...(notifyCommand === undefined ? [] : [commandNotifier(notifyCommand, { ...common, env: o.env })]),
    ...(webhookUrl === undefined || webhookSecret === undefined
      ? []
      : [
          webhookNotifier(webhookUrl, {
            ...common,
            secret: webhookSecret,
            userAgent: `claude-orchestrator/${o.version}`,
          }),
        ]),
  ];
};

/** Tells people when they are wanted, by what the settings name. @returns a function that ends it. */
export const startNotices = (o: Noticing): (() => void) => {
  const ended = new AbortController();
  const stop = tellPeople(o.orchestrator, notifiersOf(o, ended.signal), {
    publicUrl: o.publicUrl,
    onFault: (error) =>
      o.logger.warning('SYSTEM', 'a notice could not be made', {
        error: error instanceof Error ? error : new Error(String(error)),
      }),
  });
  return () => {
    stop();
    ended.abort();
  };
};
