/** One tool call that a worker wants to make. */
export type ToolCall = {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** True where a sub-agent of the worker asks. */
  readonly fromSubagent: boolean;
};

export const RISKS = ['SAFE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Risk = (typeof RISKS)[number];

export const worst = (a: Risk, b: Risk): Risk => (RISKS.indexOf(a) >= RISKS.indexOf(b) ? a : b);

/** Why a call has its risk: a stable code, the part of the input that it is about, a sentence. */
export type Reason = {
  readonly code: string;
  readonly risk: Risk;
  readonly span: string;
  readonly text: string;
  /** The policy's rule that decided or raised it. */
  readonly rule?: string;
};

/** What the policy makes of a call: it runs, a person is asked, or it is refused whatever a person says. */
export const DECISIONS = ['allow', 'ask', 'deny'] as const;
export type Decision = (typeof DECISIONS)[number];

export const strictest = (a: Decision, b: Decision): Decision =>
  DECISIONS.indexOf(a) >= DECISIONS.indexOf(b) ? a : b;

export type Verdict = {
  readonly risk: Risk;
  readonly decision: Decision;
  /** Persons who must agree before an `ask` runs: two only for a CRITICAL rule that an admin's policy opened. */
  readonly approversNeeded: 1 | 2;
  readonly reasons: readonly Reason[];
  /** What the worker is told where the call is refused: why, and what it can do instead. */
  readonly message: string;
  /** SHA-256 in hex of the policy that decided. */
  readonly policyHash: string;
};
