import { randomBytes } from 'node:crypto';
import { createPassphraseSetting } from '../src/application/access/passphrase.ts';
import { ConflictError } from '../src/domain/errors/index.ts';
import { passphraseFileIn } from '../src/infrastructure/access/passphraseFile.ts';
import { createScryptHasher } from '../src/infrastructure/access/scryptHasher.ts';
import { systemClock } from '../src/infrastructure/system/systemClock.ts';
import { requestText } from '../src/presentation/cli/approval/requestText.ts';
import { painter } from '../src/presentation/cli/terminal.ts';
import { createClient } from '../src/presentation/client/client.ts';
import type { ApprovalAnswer } from '../src/presentation/wire/approval.ts';
import type { Ui } from './ui.ts';

/** How it is decided whether a call that waits may run. */
export type Asking =
  /** By whoever sits at the terminal. */
  | { readonly how: 'ask'; readonly question: (text: string, signal: AbortSignal) => Promise<string> }
  /** `--yes`. */
  | { readonly how: 'approve' }
  /** Nobody is there, and nobody has said yes beforehand. */
  | { readonly how: 'deny' };

export type Decision = { readonly approvalId: string; readonly decision: 'approve' | 'deny' };

/** The person of the demo's own server, who has to be asked. */
export type Person = {
  /** Shows what waits, gets an answer, and decides. @returns what stands then; undefined where nobody decided. */
  decide(jobId: string, approvalId: string): Promise<Decision | undefined>;
};

/**
 * Sets a passphrase on a state folder that is the demo's own, as `init` would, before its server starts.
 * @returns the passphrase.
 */
export const setPassphrase = async (stateDir: string): Promise<string> => {
  const passphrase = `demo ${randomBytes(9).toString('base64url')} demo`;
  await createPassphraseSetting({
    file: passphraseFileIn(stateDir),
    hasher: createScryptHasher(),
    clock: systemClock,
  }).set(passphrase, undefined);
  return passphrase;
};

/** The task's own words, without what they tell the scripted model. */
const withoutScript = (approval: ApprovalAnswer): ApprovalAnswer => ({
  ...approval,
  goal: (approval.goal.split('[[begin]]')[0] ?? '').trimEnd(),
});

/** @param o.onShown hears of each request that is shown, with its page. */
export const createPerson = (o: {
  readonly url: string;
  readonly passphrase: string;
  readonly asking: Asking;
  readonly ui: Ui;
  readonly signal: AbortSignal;
  readonly onShown: (page: string) => void;
}): Person => {
  const { url, passphrase, asking, ui, signal, onShown } = o;
  const client = createClient({ url });

  const answer = async (jobId: string, approvalId: string): Promise<'approve' | 'deny' | undefined> => {
    if (asking.how !== 'ask') {
      ui.line(
        asking.how === 'approve'
          ? 'Approved by --yes.'
          : 'Nobody is here to be asked, so it is denied and the worker goes on without it; `--yes` approves.',
      );
      return asking.how;
    }
    const decided = new AbortController();
    const over = new AbortController();
    // Whoever has the page open may be quicker.
    const hearing = client
      .jobEvents(jobId, {
        signal: AbortSignal.any([signal, over.signal]),
        onEvent: ({ type, approval_id, status }) => {
          if (type === 'approval.changed' && approval_id === approvalId && status !== 'superseded')
            decided.abort();
        },
      })
      .catch(() => undefined);
    try {
      const typed = await asking.question(
        'Let the worker do it? [y/N] ',
        AbortSignal.any([signal, decided.signal]),
      );
      return /^\s*y(es)?\s*$/i.test(typed) ? 'approve' : 'deny';
    } catch (error) {
      signal.throwIfAborted();
      if (!decided.signal.aborted) throw error;
      return undefined;
    } finally {
      over.abort();
      await hearing;
    }
  };

  /** What stands, whoever decided it. */
  const standing = async (approvalId: string): Promise<Decision | undefined> => {
    const last = (await client.approval(approvalId)).decisions.at(-1);
    if (last === undefined) return undefined;
    ui.line(
      `It was ${last.decision === 'approve' ? 'approved' : 'denied'} by ${last.by} (${last.channel}).\n`,
    );
    return { approvalId, decision: last.decision };
  };

  return {
    decide: async (jobId, approvalId) => {
      await client.loginPassphrase(passphrase);
      try {
        const approval = withoutScript(await client.approval(approvalId));
        ui.line('\nA worker wants to do what a person has to allow, and waits:');
        ui.line(requestText(approval, { now: Date.now(), paint: painter(ui.color), full: true }));
        onShown(`${url}/approvals/${approvalId}`);
        const decision = await answer(jobId, approvalId);
        if (decision !== undefined)
          await client
            .decide({ approval_id: approvalId, decision, reason: 'Decided in the demo.' })
            .catch((error: unknown) => {
              // Somebody was quicker on the page.
              if (!(error instanceof ConflictError)) throw error;
            });
        return await standing(approvalId);
      } finally {
        await client.logout().catch(() => undefined);
      }
    },
  };
};
