import type { McpServer, RequestId } from '@modelcontextprotocol/server';
import { OPEN_APPROVAL } from '../../../domain/approval.ts';
import type { OrchestratorApi } from '../../wire/api.ts';
import type { ApprovalAnswer } from '../../wire/approval.ts';
import type { ClientAbilities } from '../clientAbilities.ts';
import { decisionIn, type Question, questionOf } from './approvalForm.ts';
import { errorText } from './inputRounds.ts';

/** The longest that a timer can run, 24 days: an approval expires after 20 at most, and takes its question with it. */
const LONGEST_MS = 2 ** 31 - 1;

/** What became of a question: `open` where its person decided nothing by it. */
export type Outcome = { readonly kind: 'decided' | 'open'; readonly note?: string };

/**
 * Questions that the server of the 2025 era pushes to its client, where they may stay on a person's screen longer
 * than the call in which they came up: an answer counts whenever it comes.
 */
export type PushedQuestions = {
  /** Asks about an approval, in the course of the call that `during` names. */
  readonly ask: (
    api: OrchestratorApi,
    approvalId: string,
    during: { readonly can: ClientAbilities['elicitation']; readonly request: RequestId },
  ) => void;
  /** The question about an approval that is asked now; undefined where none is. */
  readonly pending: (approvalId: string) => Promise<Outcome> | undefined;
};

export const createPushedQuestions = (server: McpServer): PushedQuestions => {
  const open = new Map<string, Promise<Outcome>>();

  /** Over HTTP the question comes on the stream that answers the call. */
  const put = async (
    question: Question,
    elicitationId: string,
    relatedRequestId: RequestId,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const params = question.mode === 'url' ? { ...question, elicitationId } : { ...question };
    return server.server.elicitInput(params, { signal, timeout: LONGEST_MS, relatedRequestId });
  };

  /** Resolves once the approval is open no more; asks at every change that its job tells of. */
  const decidedElsewhere = (
    api: OrchestratorApi,
    { approval_id, job_id }: ApprovalAnswer,
    signal: AbortSignal,
  ): Promise<void> =>
    new Promise((resolve) => {
      const look = async (): Promise<void> => {
        const { status } = await api.approval(approval_id);
        if (!OPEN_APPROVAL.has(status)) resolve();
      };
      const stop = api.follow((event) => {
        if (event.job_id === job_id && event.type === 'approval.changed') look().catch(() => {});
      });
      signal.addEventListener('abort', stop, { once: true });
      // It may have been decided before anybody listened.
      look().catch(() => {});
    });

  const outcomeOf = async (
    api: OrchestratorApi,
    approval: ApprovalAnswer,
    question: Question,
    request: RequestId,
  ): Promise<Outcome> => {
    const over = new AbortController();
    const elsewhere = decidedElsewhere(api, approval, over.signal);
    const said = put(question, approval.approval_id, request, over.signal).then(
      async (answer): Promise<Outcome> => {
        const decision = decisionIn(answer);
        if (decision !== undefined) {
          await api.elicited({ approval_id: approval.approval_id, ...decision });
          return { kind: 'decided' };
        }
        const opened = question.mode === 'url' && isAccepted(answer);
        // Its person is at the page now: what they do there is the answer.
        return opened ? elsewhere.then(() => ({ kind: 'decided' })) : { kind: 'open' };
      },
    );
    try {
      return await Promise.race([said, elsewhere.then((): Outcome => ({ kind: 'decided' }))]);
    } catch (thrown) {
      return { kind: 'open', note: `The form's answer was not taken: ${errorText(thrown)}` };
    } finally {
      // Takes a question from the screen that somebody else has answered.
      over.abort();
      said.catch(() => {});
    }
  };

  const ask = async (
    ...[api, id, { can, request }]: Parameters<PushedQuestions['ask']>
  ): Promise<Outcome> => {
    try {
      const approval = await api.approval(id);
      const question = questionOf(approval, can);
      return question === undefined ? { kind: 'open' } : await outcomeOf(api, approval, question, request);
    } catch (thrown) {
      return { kind: 'open', note: errorText(thrown) };
    }
  };

  return {
    pending: (id) => open.get(id),
    ask: (api, id, during) =>
      void open.set(
        id,
        ask(api, id, during).finally(() => open.delete(id)),
      ),
  };
};

const isAccepted = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'action' in answer && answer.action === 'accept';
