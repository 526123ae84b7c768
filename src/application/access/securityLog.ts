import type { LogFields, Logger } from '../ports.ts';

/** What happened to credentials, for whoever looks later. Fields hold names and ids, never a secret. */
export type SecurityLog = {
  readonly done: (message: string, fields?: LogFields) => void;
  readonly refused: (message: string, fields?: LogFields) => void;
};

export const securityLog = (logger: Logger): SecurityLog => ({
  done: (message, fields) => logger.info('SECURITY', message, fields),
  refused: (message, fields) => logger.warning('SECURITY', message, fields),
});
