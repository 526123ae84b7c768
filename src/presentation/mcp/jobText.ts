import { cutToBytes, SHARE } from '../wire/answerSize.ts';
import { inertLine } from '../wire/inertText.ts';
import type { JobAnswer } from '../wire/job.ts';
import type { TaskAnswer } from '../wire/task.ts';
import { taskState } from '../wire/taskState.ts';
import { OF_THE_WHOLE_JOB } from '../wire/wholeJob.ts';
import { waitingLines } from './approvalText.ts';
import type { Link } from './tool.ts';

/** Lines of tasks in a text; the structured content has more, the resource has all. */
const TASK_LINES = 30;

const taskLine = (task: TaskAnswer, waiting: JobAnswer['approvals']): string => {
  const trouble = task.error === undefined ? task.reason : `${task.error.message} ${task.error.hint}`;
  const parts = [
    `- ${task.id} ${taskState(task, waiting)}`,
    task.status === 'done' || task.status === 'failed' ? ` (verification: ${task.verification})` : '',
    `: ${inertLine(task.title, 80)}`,
    trouble === undefined ? '' : ` — ${inertLine(trouble, 300)}`,
  ];
  return parts.join('');
};

const outcomeLines = (answer: JobAnswer): readonly string[] => [
  ...(answer.branch === undefined || answer.commit === undefined
    ? []
    : [
        `Branch ${answer.branch} at ${answer.commit.slice(0, 12)}, ${
          answer.files_changed.length + (answer.omitted?.files_changed ?? 0)
        } files changed${answer.applied ? ", merged into the user's branch" : ''}.`,
      ]),
  ...(answer.ended_at === undefined ? [] : [`Verification of the whole: ${answer.verification}.`]),
  ...(answer.error === undefined ? [] : [`Error: ${answer.error.message} ${answer.error.hint}`]),
  ...(answer.attention === undefined ? [] : [`Attention: ${answer.attention.reason}`]),
  ...answer.warnings.slice(0, 5).map((warning) => `Warning: ${warning}`),
];

/** A job in a few lines of at most `maxBytes` and the next call, for clients that show text only. */
export const jobText = (answer: JobAnswer, maxBytes: number = SHARE.text): string => {
  const { done, total } = answer.progress;
  const hidden = answer.tasks.length - TASK_LINES + (answer.omitted?.tasks ?? 0);
  const lines = [
    `Job ${answer.job_id}: ${answer.status}${total === 0 ? '' : `, ${done}/${total} tasks done`}, ${answer.cost_usd} USD.`,
    ...(answer.approvals === undefined ? [] : waitingLines(answer.approvals)),
    ...outcomeLines(answer),
    ...answer.tasks.slice(0, TASK_LINES).map((task) => taskLine(task, answer.approvals)),
    ...(hidden > 0 ? [`… and ${hidden} more tasks in job://${answer.job_id}`] : []),
  ].join('\n');
  return `${cutToBytes(lines, maxBytes)}\n${answer.next}`;
};

/** The job's resource, where the answer left something out. */
export const jobLinks = (answer: JobAnswer): readonly Link[] =>
  answer.omitted === undefined
    ? []
    : [
        {
          uri: `job://${answer.job_id}`,
          name: answer.job_id,
          description: `The job with ${OF_THE_WHOLE_JOB}`,
        },
      ];
