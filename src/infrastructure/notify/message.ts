import type { Notice } from '../../application/approving/notices.ts';

/** A notice in the words of the wire. */
export const messageOf = (notice: Notice) => ({
  type: notice.type,
  ...(notice.approvalId === undefined ? {} : { approval_id: notice.approvalId }),
  job_id: notice.jobId,
  ...(notice.taskId === undefined ? {} : { task_id: notice.taskId }),
  ...(notice.risk === undefined ? {} : { risk: notice.risk }),
  ...(notice.tool === undefined ? {} : { tool: notice.tool }),
  ...(notice.command === undefined ? {} : { command: notice.command }),
  reason: notice.reason,
  ...(notice.url === undefined ? {} : { url: notice.url }),
  at: new Date(notice.at).toISOString(),
});

const SHOWN = 120;
const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);

/** The same as a sentence for a person's desktop. */
export const sentenceOf = (notices: readonly Notice[]): string => {
  const [first] = notices;
  if (first === undefined) return 'Nothing waits.';
  if (notices.length > 1) return `${notices.length} things wait for you in Claude Orchestrator.`;
  return first.type === 'approval.requested'
    ? `A worker waits for your approval (${first.risk}): ${short(first.command ?? first.reason)}`
    : `A job wants you: ${short(first.reason)}`;
};
