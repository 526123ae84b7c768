import { z } from 'zod';
import { modelSchema } from '../../../domain/task.ts';
import { absolutePath, oneOf, webUrl, wholeNumber } from '../values.ts';
import { settings } from './meta.ts';

const offOrModel = z.preprocess(
  (raw) => (typeof raw === 'string' && raw.trim().toLowerCase() === 'off' ? 'off' : raw),
  modelSchema,
);

const SANDBOX_MODES = ['auto', 'on', 'off'] as const;

/** What workers may do, and who is asked and told. */
export const safetySettings = {
  policy: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_POLICY',
    form: 'path',
    fallback: '`policy.yaml` or `policy.json` in the folder of config.json, else the built-in one',
    description:
      'The policy of this machine: what is allowed, asked and denied. A repository may only tighten it (`.orchestrator/policy.yaml`).',
  }),
  sandbox: oneOf(SANDBOX_MODES).register(settings, {
    env: 'ORCHESTRATOR_SANDBOX',
    form: SANDBOX_MODES.join(', '),
    fallback: '`auto`: where bubblewrap and socat work',
    description:
      'Whether the shell commands of workers run in the sandbox of Claude Code. `on` refuses to work without it.',
  }),
  secondOpinion: offOrModel.register(settings, {
    env: 'ORCHESTRATOR_SECOND_OPINION',
    form: 'off, or a model',
    fallback: '`off`',
    description:
      'Model that is asked about each new call that is MEDIUM and would run. It can only raise the risk; its failure changes nothing. Costs a short question each, which no budget of a job bounds.',
  }),
  approvalHold: wholeNumber(1, 86_400).register(settings, {
    env: 'ORCHESTRATOR_APPROVAL_HOLD',
    form: '1-86400',
    fallback: '120',
    description:
      'Seconds that a worker waits at a call for a decision before it is parked without a process.',
  }),
  approvalExpiry: wholeNumber(1, 1_728_000).register(settings, {
    env: 'ORCHESTRATOR_APPROVAL_EXPIRY',
    form: '1-1728000',
    fallback: '86400',
    description: 'Seconds after which an approval that nobody decided counts as denied.',
  }),
  notifyCommand: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_NOTIFY_COMMAND',
    form: 'path',
    fallback: 'none',
    description:
      'Program that is started with one argument, a sentence, when a person is wanted; JSON comes on its standard input.',
  }),
  webhookUrl: webUrl().optional().register(settings, {
    env: 'ORCHESTRATOR_WEBHOOK_URL',
    form: 'URL',
    fallback: 'none',
    description: 'Where a signed JSON message goes when a person is wanted.',
  }),
  webhookSecret: z.string('must be text').min(16).max(500).optional().register(settings, {
    env: 'ORCHESTRATOR_WEBHOOK_SECRET',
    form: 'text',
    fallback: 'none',
    description: 'Key of the HMAC-SHA-256 in the header `X-Orchestrator-Signature` of webhook messages.',
    secret: true,
  }),
  auditHeadCopy: absolutePath().optional().register(settings, {
    env: 'ORCHESTRATOR_AUDIT_HEAD_COPY',
    form: 'path',
    fallback: 'none',
    description: 'A second file, best on another disk, that gets the signed head of the audit log each time.',
  }),
};
