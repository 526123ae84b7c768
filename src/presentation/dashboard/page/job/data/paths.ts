/** Where a job's parts stand in the REST interface; ids are the caller's text and are escaped. */
export const apiPath = (jobId: string, ...rest: readonly string[]): string =>
  ['/api/v1/jobs', jobId, ...rest]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join('/');

/** Where a job, or one of its tasks, stands in the dashboard. */
export const pagePath = (jobId: string, taskId?: string): string =>
  `/jobs/${encodeURIComponent(jobId)}${taskId === undefined ? '' : `/tasks/${encodeURIComponent(taskId)}`}`;

/** The task that a path of the dashboard names, if it names one. */
export const taskOfPath = (path: string): string | undefined => {
  const part = /^\/jobs\/[^/]+\/tasks\/([^/]+)\/?$/.exec(path)?.[1];
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
