import type { Approval } from '../../../domain/approval.ts';
import type { Store } from '../../ports/store.ts';
import type { ApprovalQuery } from '../approvals.ts';

/** Records of one reading. */
const PAGE = 200;

/** Every approval of the store that the query asks for, newest first, read in pages. */
export const readAll = async (
  store: Pick<Store, 'approvals'>,
  query: Omit<ApprovalQuery, 'limit' | 'cursor'>,
): Promise<readonly Approval[]> => {
  const found: Approval[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.approvals({
      ...query,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.approvals);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
};
