/** One finding of the doctor. `mend` says what to do; it is there for every check that is not `ok`. */
export type DoctorCheck = {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly mend?: string;
};

/** One setting: what it is and who said so. */
export type ConfigRow = {
  /** The environment variable. */
  readonly name: string;
  /** Null where it is not set, and where it could not be read: such a value may be a misplaced secret. */
  readonly value: string | number | readonly string[] | null;
  readonly source: string;
  /** Sources that name it too and lost. */
  readonly overrides: readonly string[];
  readonly note?: string;
};

export type Explanation = {
  readonly rows: readonly ConfigRow[];
  readonly warnings: readonly string[];
  /** One line each; empty where the server would start. */
  readonly problems: readonly string[];
};
