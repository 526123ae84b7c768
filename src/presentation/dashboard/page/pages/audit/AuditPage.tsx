import { useEffect, useState } from 'preact/hooks';
import type { AuditAnswer, AuditEntryAnswer } from '../../../../wire/audit.ts';
import { approvalNews } from '../../data/approvals.ts';
import { getJson } from '../../data/http.ts';
import { connection } from '../../data/jobs.ts';
import { mayAudit } from '../../data/session.ts';
import { useRefresh } from '../../data/useRefresh.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { countText } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Note } from '../../ui/Note.tsx';
import { usePageTitle } from '../../ui/pageTitle.ts';
import { useAction } from '../../ui/useAction.ts';
import { AuditItem } from './AuditItem.tsx';
import { entriesWith, withNewest } from './auditEntries.ts';
import './audit.css';

const PAGE = 50;

/** Who did what, newest first, for those who may see all of it. */
export const AuditPage = () => {
  usePageTitle('Audit');
  if (mayAudit.value) return <Audit />;
  return (
    <Empty isPage title="The audit log is for admins">
      <p>Sign in as a person, by passkey or passphrase, to read who did what.</p>
      <a class="button" href="/login?next=/audit">
        Sign in as a person
      </a>
    </Empty>
  );
};

const Audit = () => {
  const [rows, know] = useState<readonly AuditEntryAnswer[]>();
  const [hasMore, setMore] = useState(false);
  const [error, setError] = useState<unknown>();
  const [query, search] = useState('');
  const refresh = useRefresh(async (signal) => {
    const answer = await getJson<AuditAnswer>(`/api/v1/audit?limit=${PAGE}`, signal);
    const before = rows ?? [];
    const merged = withNewest(before, answer.entries);
    know(merged);
    // Where nothing that was read further back is left, the page itself says whether there is more.
    if (merged.at(-1)?.seq === answer.entries.at(-1)?.seq) setMore(answer.next_before !== undefined);
    setError(undefined);
  }, setError);
  const trigger = `${approvalNews.value} ${connection.value}`;
  // Something happened: the reason to look, not an input.
  useEffect(refresh, [trigger]);
  const older = useAction(async () => {
    const last = rows?.at(-1)?.seq;
    if (last === undefined) return;
    const answer = await getJson<AuditAnswer>(`/api/v1/audit?limit=${PAGE}&before=${last}`);
    know((before) => [...(before ?? []), ...answer.entries.filter(({ seq }) => seq < last)]);
    setMore(answer.next_before !== undefined);
  });
  const shown = entriesWith(rows ?? [], query);
  return (
    <div class="audit">
      <div class="section-head">
        <h1>Audit</h1>
        <button type="button" class="button small" onClick={refresh}>
          Read again
        </button>
      </div>
      <Note tone="idle" title="Every entry holds the hash of the one before">
        <p>
          This page shows what the server says. <code>claude-orchestrator audit verify</code> checks the whole
          chain and its signed heads, and names the first entry that was touched; with{' '}
          <code>--approvals</code> also the passkeys’ signatures.
        </p>
      </Note>
      <search class="filter">
        <Icon name="search" />
        <input
          type="search"
          class="input"
          placeholder="Filter by type, who, job"
          aria-label="Filter the entries"
          value={query}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </search>
      <ErrorNote error={error} onRetry={refresh} />
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty title="Nothing is written yet" />
      ) : (
        <>
          <p class="quiet" role="status">
            {query.trim() === ''
              ? countText(rows.length, 'entry', 'entries')
              : `${shown.length} of these ${countText(rows.length, 'entry', 'entries')} fit`}
          </p>
          <ol class="card audit-list" reversed>
            {shown.map((row) => (
              <AuditItem key={row.seq} row={row} />
            ))}
          </ol>
        </>
      )}
      <ErrorNote error={older.error} />
      {hasMore ? (
        <button type="button" class="button" disabled={older.isBusy} onClick={older.run}>
          Further back
        </button>
      ) : null}
    </div>
  );
};
