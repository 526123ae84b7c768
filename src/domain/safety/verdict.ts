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
};

export type Verdict = {
  readonly risk: Risk;
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
  /** What the worker is told where the call is refused: why, and what it can do instead. */
  readonly message: string;
};
