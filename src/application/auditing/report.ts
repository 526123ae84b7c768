/** What can be wrong with a log. */
export const FINDINGS = [
  'changed',
  'deleted',
  'misplaced',
  'cut',
  'rewritten',
  'head_foreign',
  'head_missing',
  'proof',
  'unreadable',
  'unguarded',
  'told',
] as const;

export type Finding = {
  readonly kind: (typeof FINDINGS)[number];
  /** The first bad entry, where one can be named. */
  readonly seq?: number;
  /** A sentence, from its verb or subject on; starts with a small letter where it names an entry. */
  readonly text: string;
};

/** Who approved what, by what proof. */
export type ApprovedCall = {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly approvalId: string;
  readonly by: string;
  readonly channel: string;
  readonly digest: string;
  /** The call as the log has it: a command or an input, cut and without secrets; absent where no entry tells it. */
  readonly what?: string;
  /**
   * Whether the call that the store still holds has this digest: `same` · `other` it was changed, there or here ·
   * `gone` the store has it no more.
   */
  readonly call: 'same' | 'other' | 'gone';
  /**
   * `proven` the passkey's signature over this approval and digest is good · `refuted` it is not, or no entry before
   * bears it out · `word` no passkey: the log's word for it.
   */
  readonly proof: 'proven' | 'refuted' | 'word';
  /** Name of the passkey, as it was enrolled; absent where this log saw no enrolment. */
  readonly passkey?: string;
  /** Why it is refuted. */
  readonly why?: string;
};

export type AuditReport = {
  readonly entries: number;
  /** Hash of the last entry. */
  readonly hash: string | undefined;
  /** Entries behind the newest head: of a server that runs, or that was killed. */
  readonly unsigned: number;
  readonly heads: readonly {
    readonly place: string;
    readonly is: string;
    readonly seq?: number;
    readonly at?: string;
  }[];
  /** The first is the first bad entry; empty where all is well. */
  readonly findings: readonly Finding[];
  /** Only where asked for. */
  readonly approvals?: readonly ApprovedCall[];
};
