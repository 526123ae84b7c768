import { auditable } from '../../application/auditing/auditable.ts';
import { type AuditTip, chained, looseRow } from '../../application/auditing/chain.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { AuditStatements } from './auditStatements.ts';

export type AuditWriterOptions = {
  /** Strikes secrets out that are known by value. */
  readonly strike: (text: string) => string;
  /** Hears the last entry once it is durable, at most once a transaction. */
  readonly onTip: (tip: AuditTip) => void;
};

/** An entry that is encoded; `write` gives it its place, inside the transaction of what it tells of. */
export type PreparedAudit = { write(): void };

/**
 * Writes the chain. The last entry is read anew each time: kept in memory it would have to be put right after
 * every step that was undone, and reading it costs less than hashing what comes behind it.
 */
export class AuditWriter {
  readonly #statements: AuditStatements;
  readonly #options: AuditWriterOptions;
  #grown = false;

  constructor(statements: AuditStatements, options: AuditWriterOptions) {
    this.#statements = statements;
    this.#options = options;
  }

  prepare(entry: AuditEntry): PreparedAudit {
    const row = looseRow(auditable(entry, this.#options.strike));
    return {
      write: () => {
        this.#statements.append(chained(row, this.#statements.tip.first({})));
        this.#grown = true;
      },
    };
  }

  /** To be called after each COMMIT. */
  committed(): void {
    if (!this.#grown) return;
    this.#grown = false;
    let tip: AuditTip | undefined;
    try {
      tip = this.#statements.tip.first({});
    } catch {
      // What was written stands all the same, and its callers must hear so; the next head covers it.
    }
    if (tip !== undefined) this.#options.onTip(tip);
  }
}
