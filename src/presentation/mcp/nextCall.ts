import type { ErrorCode } from '../../domain/errors/index.ts';

/** A hint that names a tool says what to call already. */
const NAMES_A_TOOL =
  /\b(analyze|approve_operation|list_approvals|orchestrate|job_(cancel|list|result|status|steer|wait)|task_output|system_health)\b/;

type Next = (tool: string) => string;

const APPROVING: ReadonlySet<string> = new Set(['list_approvals', 'approve_operation']);

const again: Next = (tool) => `Call ${tool} again when that is done.`;
const later: Next = (tool) => `Call ${tool} again later; nothing was lost.`;
const askUser: Next = (tool) =>
  APPROVING.has(tool)
    ? 'Show the user the request and the link in job_status, and call approve_operation only with a code that they tell you.'
    : askAnyUser(tool);
const askAnyUser: Next = (tool) => `Tell the user, and call ${tool} again only when they have settled it.`;
const lookForJob: Next = (tool) =>
  APPROVING.has(tool)
    ? 'Call list_approvals for those that are open.'
    : 'Call job_list for the jobs there are.';
const lookAtTask: Next = (tool) =>
  APPROVING.has(tool)
    ? 'Call list_approvals for those that are open.'
    : 'Call job_status to see how it stands.';
const lookAtSystem: Next = (tool) =>
  tool === 'system_health' ? 'Tell the user.' : 'Call system_health to see what is wrong, and tell the user.';

const NEXT: Readonly<Record<ErrorCode, Next>> = {
  CONFIGURATION_INVALID: askUser,
  WORKSPACE_INVALID: again,
  DEPENDENCY_MISSING: lookAtSystem,
  WORKER_SPAWN: lookAtSystem,
  WORKER_TIMEOUT: lookAtTask,
  WORKER_CRASH: lookAtTask,
  WORKER_COMMUNICATION: lookAtTask,
  TASK_VALIDATION: again,
  TASK_DECOMPOSITION: again,
  TASK_EXECUTION: lookAtTask,
  API_AUTHENTICATION: askUser,
  API_RATE_LIMIT: later,
  API_FORBIDDEN: askUser,
  NOT_FOUND: lookForJob,
  JOB_NOT_FOUND: lookForJob,
  CONFLICT: lookAtTask,
  OPERATION_DANGEROUS: askUser,
  USER_DENIED: askUser,
  RESOURCES_INSUFFICIENT: later,
  FILE_SYSTEM: lookAtSystem,
  INTERNAL: lookAtSystem,
};

/** The hint of an error that `tool` ended with, which names the next call in any case. */
export const hintWithNextCall = (code: ErrorCode, hint: string, tool: string): string =>
  NAMES_A_TOOL.test(hint) ? hint : `${hint} ${NEXT[code](tool)}`;
