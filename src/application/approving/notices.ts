import type { Approval } from '../../domain/approval.ts';
import { callText } from '../../domain/callText.ts';
import type { JobEvent } from '../../domain/events.ts';
import type { ApprovalId, JobId, TaskId } from '../../domain/ids.ts';
import { visibleLine } from '../../domain/visibleText.ts';

/** A person is wanted. Its texts are one line each, with nothing in them that cannot be seen; never a secret. */
export type Notice = {
  readonly type: 'approval.requested' | 'job.attention';
  readonly jobId: JobId;
  readonly taskId?: TaskId;
  readonly approvalId?: ApprovalId;
  readonly risk?: string;
  readonly tool?: string;
  /** What would run, cut at 500 characters. */
  readonly command?: string;
  readonly reason: string;
  /** The page where it is decided; absent where this process has none. */
  readonly url?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** Carries notices to a person. */
export interface Notifier {
  /** Takes the notice on and returns at once. Never throws: what goes wrong later is its own to log. */
  notify(notice: Notice): void;
}

export type NoticeSource = {
  /** @returns a function that ends the subscription. */
  subscribe(listener: (event: JobEvent) => void): () => void;
  approval(id: ApprovalId): Promise<Approval>;
};

const COMMAND = 500;
const REASON = 300;

const pageOf = (publicUrl: string | undefined, path: string): { readonly url?: string } =>
  publicUrl === undefined ? {} : { url: `${publicUrl}${path}` };

const noticeOf = async (
  { jobId, at, happening }: JobEvent,
  source: NoticeSource,
  publicUrl: string | undefined,
): Promise<Notice | undefined> => {
  if (happening.type === 'job.attention') {
    const reason = visibleLine(happening.reason, REASON);
    return { type: 'job.attention', jobId, reason, ...pageOf(publicUrl, `/jobs/${jobId}`), at };
  }
  // An equal call that waits with the first is nothing new for a person.
  if (happening.type !== 'approval.requested' || happening.again) return undefined;
  const { approvalId, taskId, risk, tool, reason } = happening;
  const approval = await source.approval(approvalId);
  return {
    type: 'approval.requested',
    jobId,
    taskId,
    approvalId,
    risk,
    tool: visibleLine(tool, 100),
    command: visibleLine(callText(approval.call, COMMAND), COMMAND),
    reason: visibleLine(reason, REASON),
    ...pageOf(publicUrl, `/approvals/${approvalId}`),
    at,
  };
};

/**
 * Tells every notifier when a person is wanted. Nothing of a job waits for it.
 * @param o.publicUrl of this server, without a slash at the end; undefined where it has no pages.
 * @param o.onFault hears of a notice that could not be made.
 * @returns a function that ends it.
 */
export const tellPeople = (
  source: NoticeSource,
  notifiers: readonly Notifier[],
  o: { readonly publicUrl: string | undefined; readonly onFault: (error: unknown) => void },
): (() => void) => {
  if (notifiers.length === 0) return () => {};
  const tell = async (event: JobEvent): Promise<void> => {
    const notice = await noticeOf(event, source, o.publicUrl);
    if (notice === undefined) return;
    for (const notifier of notifiers) notifier.notify(notice);
  };
  return source.subscribe((event) => void tell(event).catch(o.onFault));
};
