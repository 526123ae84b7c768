import type { JobFolders } from '../lanes/jobFolders.ts';
import type { JobWorkspace } from '../lanes/jobWorkspace.ts';
import type { JobVerification } from '../verifying/jobVerification.ts';
import type { Merger } from './merger.ts';

/** A job whose tasks have ended, as integration finds it: where the work lies, and what merges and verifies it. */
export type DoneWork = {
  readonly workspace: JobWorkspace;
  readonly folders: JobFolders;
  readonly verification: JobVerification;
  /** Undefined without git. */
  readonly merger: Merger | undefined;
  /** Ends what is left of the run: nothing works in its folders any more. */
  close(): Promise<void>;
};
