import {
  type CallToolResult,
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
} from '@modelcontextprotocol/server';
import { approvalIdSchema } from '../../../domain/ids.ts';
import type { OrchestratorApi } from '../../wire/api.ts';
import type { ClientAbilities } from '../clientAbilities.ts';
import { errorResult } from '../errorResult.ts';
import { decisionIn, type Question, questionOf } from './approvalForm.ts';
import type { Asked } from './asked.ts';

const asInput = (question: Question): InputRequest => {
  const { mode, ...params } = question;
  return 'url' in params
    ? inputRequired.elicitUrl(params)
    : inputRequired.elicit({ mode: 'form', ...params });
};

/** The question about one approval as the 2026 era embeds it, by the approval's id; empty where it cannot be asked. */
export const inputRequestsFor = async (
  api: OrchestratorApi,
  approvalId: string,
  can: ClientAbilities['elicitation'],
): Promise<InputRequests> => {
  const question = questionOf(await api.approval(approvalId), can);
  return question === undefined ? {} : { [approvalId]: asInput(question) };
};

/**
 * Carries out what a client answered to questions that it was asked, each once. Answers to questions that nobody
 * asked say nothing.
 * @returns what was not taken, and why, in sentences.
 */
export const takeResponses = async (
  api: OrchestratorApi,
  asked: Asked,
  responses: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const [key, response] of Object.entries(responses)) {
    const { data: id } = approvalIdSchema.safeParse(key);
    if (id === undefined || !asked.answered(id)) continue;
    const decision = decisionIn(response);
    if (decision === undefined) continue;
    try {
      await api.elicited({ approval_id: id, ...decision });
    } catch (thrown) {
      notes.push(`The form's answer was not taken: ${errorText(thrown)}`);
    }
  }
  return notes;
};

export const errorText = (thrown: unknown): string => {
  const [content] = errorResult(thrown, 'approve_operation').content;
  return content?.type === 'text' ? content.text : '';
};

/** An answer with sentences after it. */
export const withNotes = (result: CallToolResult, notes: readonly string[]): CallToolResult =>
  notes.length === 0
    ? result
    : { ...result, content: [...result.content, { type: 'text', text: notes.join('\n') }] };

/** What the client is asked instead of an answer; it calls again with what its person said. */
export const roundOf = (requests: InputRequests, jobId: string): InputRequiredResult | undefined =>
  Object.keys(requests).length === 0
    ? undefined
    : inputRequired({ inputRequests: requests, requestState: jobId });
