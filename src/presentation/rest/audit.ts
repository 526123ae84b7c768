import { z } from 'zod';
import type { AuditTrail } from '../../application/auditing/ports.ts';
import { ForbiddenError } from '../../domain/errors/index.ts';
import { may } from '../../domain/principal.ts';
import { auditInputSchema, auditToWire, MAX_AUDIT_PAGE } from '../wire/audit.ts';
import { numberText } from './input.ts';
import { defineRoute, type Mounted, none } from './route.ts';

const auditQuery = z.strictObject({
  before: numberText(auditInputSchema.shape.before.unwrap())
    .optional()
    .describe('Only entries below this number'),
  limit: numberText(auditInputSchema.shape.limit).describe(`Entries of one page; at most ${MAX_AUDIT_PAGE}`),
});

/** The audit log. */
export const auditRoutes = (trail: Pick<AuditTrail, 'read'>): readonly Mounted[] => [
  defineRoute({
    method: 'get',
    path: '/audit',
    id: 'listAudit',
    tag: 'server',
    summary: 'Who did what, newest first',
    description:
      'The append-only audit log, for approvers and admins. Each entry carries the hash of the one before in its own; `claude-orchestrator audit verify` checks all of them.',
    params: none,
    query: auditQuery,
    body: none,
    answers: {
      200: { description: 'One page.', content: { 'application/json': { schema: 'AuditAnswer' } } },
    },
    problems: [403],
    handle: async (c, { query: { before, limit } }) => {
      if (!may(c.get('identity').principal, 'read_audit')) {
        throw new ForbiddenError('This credential may not read the audit log.', {
          hint: 'Use a credential with the role approver or admin; `claude-orchestrator keys create` makes one.',
        });
      }
      const entries = await trail.read({ limit, ...(before === undefined ? {} : { before }) });
      return c.json(auditToWire(entries));
    },
  }),
];
