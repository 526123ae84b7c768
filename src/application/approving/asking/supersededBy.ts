import type { Approval } from '../../../domain/approval.ts';
import type { ApprovalId } from '../../../domain/ids.ts';
import { canonicalJson } from '../../canonicalJson.ts';

const what = ({ call: { tool, cwd, input } }: Approval): string => canonicalJson({ tool, cwd, input });

/**
 * The open approval that asks for what a cancelled one asked for, since what that named has changed.
 * @param open what waits of the job, oldest first.
 * @returns undefined where nothing took its place.
 */
export const supersededBy = (ended: Approval, open: readonly Approval[]): ApprovalId | undefined => {
  if (ended.status !== 'cancelled') return undefined;
  return open.findLast(
    (other) =>
      other.taskId === ended.taskId &&
      other.digest !== ended.digest &&
      (other.toolUseId === ended.toolUseId || what(other) === what(ended)),
  )?.id;
};
