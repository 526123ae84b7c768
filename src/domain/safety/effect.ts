import type { Risk } from './verdict.ts';

/** What a call would do, before the facts decide whether that is allowed. */
export type RiskEffect = {
  readonly type: 'risk';
  readonly code: string;
  readonly risk: Risk;
  readonly span: string;
  readonly text: string;
};

/**
 * A path that a call names. `tool` says that a file tool of the CLI does it: its fence is narrower than
 * that of a shell command, which may also use the temporary folder and read the system's files.
 */
export type PathEffect = {
  readonly type: 'path';
  readonly access: 'read' | 'write';
  /** Absolute, or beginning with the home marker; `..` is kept, since links decide what it means. */
  readonly path: string;
  readonly span: string;
  readonly by: 'tool' | 'shell';
};

export type Effect = RiskEffect | PathEffect;

export const riskEffect = (code: string, risk: Risk, span: string, text: string): RiskEffect => ({
  type: 'risk',
  code,
  risk,
  span,
  text,
});
