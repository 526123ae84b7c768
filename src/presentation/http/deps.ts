import type { Access } from '../../application/access/access.ts';
import type { Orchestrator } from '../../application/api.ts';
import type { Approvals } from '../../application/approving/approvals.ts';
import type { AuditFeed } from '../../application/auditing/feed.ts';
import type { AuditTrail } from '../../application/auditing/ports.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Clock } from '../../application/ports/system.ts';
import type { Surroundings } from '../wire/surroundings.ts';
import type { OpenStreams } from './openStreams.ts';

/** What of the configuration the HTTP faces read. */
export type HttpSettings = {
  /** Hosts (`host:port`, as in the Host header) under which the server is addressed. */
  readonly hosts: readonly string[];
  /** Origins of the server's own pages. */
  readonly ownOrigins: readonly string[];
  /** Further origins that may call from a browser. */
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** Requests a minute a key; 0 is no limit. */
  readonly rateLimit: number;
  /** Where clients reach the server, without a slash at the end. */
  readonly publicUrl: string;
  readonly tools: 'core' | 'full';
  /** URL of the protected resource's metadata (RFC 9728); only where OAuth issuers are set. */
  readonly resourceMetadata?: string | undefined;
};

export type HttpDeps = {
  /** The whole orchestrator: each request gets it narrowed to its principal (`forPrincipal`). */
  readonly orchestrator: Orchestrator;
  readonly access: Access;
  /** The deciders' side of the approval desk: each request gets it narrowed to whoever asks. */
  readonly approvals: Approvals;
  /** Who could decide as a person, and what clients' forms may do. */
  readonly approvers?: Pick<Surroundings, 'personIsSet' | 'elicitation'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly settings: HttpSettings;
  /** False while the server stops: `/health/ready` then answers 503 and `stopping`. */
  readonly ready: () => boolean;
  /** The event streams that are open now; `openSse` enters them. */
  readonly streams: OpenStreams;
  /**
   * Answers a challenge of `/health/ready`: a front sees by it that this is the server of `server.json` before it
   * sends the token.
   */
  readonly prove: (challenge: string) => string;
  /** The audit log, for those who may read it. */
  readonly audit?: Pick<AuditTrail, 'read'>;
  /** Gets what is refused, for the audit log. */
  readonly feed?: AuditFeed;
};
