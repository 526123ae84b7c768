import { useEffect, useState } from 'preact/hooks';
import type { ApprovalListAnswer, ApprovalRow } from '../../../../wire/approval.ts';
import { latestFirst } from '../../data/approvalList.ts';
import {
  approvalNews,
  approvalsError,
  moreApprovals,
  openApprovals,
  refreshApprovals,
} from '../../data/approvals.ts';
import { getJson } from '../../data/http.ts';
import { mayAudit, session } from '../../data/session.ts';
import { useRefresh } from '../../data/useRefresh.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { ApprovalItem } from './ApprovalItem.tsx';
import './approvals.css';

const DECIDED = ['approved', 'denied', 'used', 'expired', 'cancelled'] as const;
const LATELY = 20;

const DECIDED_PATH = `/api/v1/approvals?limit=${LATELY}&status=${DECIDED.join(',')}`;

/** What waits for a decision, and what was decided lately. */
export const ApprovalsPage = () => {
  usePageTitle('Approvals');
  const open = openApprovals.value;
  return (
    <div class="approvals">
      <div class="section-head">
        <h1>Approvals</h1>
        {mayAudit.value ? <a href="/audit">Audit log</a> : null}
      </div>
      <NobodySetUp />
      <ErrorNote error={approvalsError.value} onRetry={refreshApprovals} />
      <section aria-labelledby="open-title" aria-busy={open === undefined}>
        <h2 id="open-title" class="section-title">
          Waits for you
        </h2>
        {open === undefined ? null : open.length === 0 ? (
          <Empty title="Nothing waits for you">
            <p>
              When a worker wants to do what could not be undone, its call stops there, and the request
              appears here by itself.
            </p>
          </Empty>
        ) : (
          <ul class="approval-list">
            {open.map((row) => (
              <ApprovalItem key={row.approval_id} row={row} />
            ))}
          </ul>
        )}
        {moreApprovals.value ? <p class="quiet">More wait; they join as these are decided.</p> : null}
      </section>
      <Decided />
    </div>
  );
};

const Decided = () => {
  const [rows, know] = useState<readonly ApprovalRow[]>([]);
  const [error, setError] = useState<unknown>();
  const refresh = useRefresh(async (signal) => {
    know(latestFirst((await getJson<ApprovalListAnswer>(DECIDED_PATH, signal)).approvals));
    setError(undefined);
  }, setError);
  const news = approvalNews.value;
  // What became of one is the reason to look, not an input.
  useEffect(refresh, [news]);
  if (rows.length === 0 && error === undefined) return null;
  return (
    <section aria-labelledby="decided-title">
      <h2 id="decided-title" class="section-title">
        Decided lately
      </h2>
      <ErrorNote error={error} onRetry={refresh} />
      <ul class="approval-list">
        {rows.map((row) => (
          <ApprovalItem key={row.approval_id} row={row} />
        ))}
      </ul>
    </section>
  );
};

/** Requests wait all the same, but nobody could approve one. */
const NobodySetUp = () => {
  const person = session.value?.person;
  if (person === undefined || person.passphrase_set || person.passkeys > 0) return null;
  return (
    <Note tone="warn" title="No person is set up yet, so nobody can approve">
      <p>
        Run <code>claude-orchestrator init</code> in a terminal and choose a passphrase. Denying works without
        it.
      </p>
    </Note>
  );
};
