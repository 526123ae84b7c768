import { NotFoundError, TaskValidationError } from '../../../domain/errors/index.ts';
import { approvalIdSchema } from '../../../domain/ids.ts';
import { PROGRAM } from '../command.ts';
import type { CliClient } from '../deps.ts';

const PAGE = 100;
const SHOWN = 5;

/**
 * The approval that a person means.
 * @param ref an id, or a beginning of one that no other open approval has (`apr_` may be left out). There is no
 * `latest`: what comes in between must not be what is decided.
 * @returns the whole id. A whole id is not looked up: the call that follows says whether there is such an approval.
 * @throws NotFoundError, TaskValidationError where several begin so.
 */
export const resolveApproval = async (client: Pick<CliClient, 'approvals'>, ref: string): Promise<string> => {
  const asked = ref.trim().toLowerCase();
  if (approvalIdSchema.safeParse(asked).success) return asked;
  const prefix = asked.startsWith('apr_') ? asked : `apr_${asked}`;
  const fitting: string[] = [];
  let cursor: string | undefined;
  if (asked !== '' && prefix !== 'apr_') {
    do {
      const page = await client.approvals({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const { approval_id } of page.approvals)
        if (approval_id.startsWith(prefix)) fitting.push(approval_id);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
  }
  const [only, ...others] = fitting;
  if (only === undefined) {
    throw new NotFoundError(`There is no open approval whose id begins with "${ref}".`, {
      hint: `\`${PROGRAM} approvals\` shows what waits; \`${PROGRAM} approvals --all\` what was decided, too.`,
    });
  }
  if (others.length > 0) {
    const rest = fitting.length > SHOWN ? ` and ${fitting.length - SHOWN} more` : '';
    throw new TaskValidationError(
      `${fitting.length} approvals begin with "${ref}": ${fitting.slice(0, SHOWN).join(', ')}${rest}.`,
      { hint: 'Give one or two characters more.' },
    );
  }
  return only;
};
