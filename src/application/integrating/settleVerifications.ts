import type { JobJournal } from '../journal.ts';
import type { JobVerification } from '../verifying/jobVerification.ts';

/** Tasks that were green before the base was known: now `passed` becomes `proved` or `held`. */
export const settleVerifications = async (
  journal: JobJournal,
  verification: JobVerification,
): Promise<void> => {
  const verifier = verification.verifier(() => undefined);
  for (const task of journal.tasks.values()) {
    if (task.status !== 'done' || task.verification !== 'passed' || task.spec.verify === undefined) continue;
    const known = await verifier.settle(task.spec.verify);
    if (known === undefined || known.verification === 'passed') continue;
    await journal.record({
      tasks: [
        { id: task.spec.id, patch: { verification: known.verification, verificationNote: known.note } },
      ],
      happenings: [{ type: 'task.verification', taskId: task.spec.id, ...known }],
    });
  }
};
