import type { ApprovalAnswer } from '../../../../wire/approval.ts';
import { openApprovals } from '../../data/approvals.ts';
import { Note } from '../../ui/Note.tsx';
import { Remaining } from './Remaining.tsx';
import type { Ways } from './ways.ts';

type CardProps = {
  readonly approval: ApprovalAnswer;
  readonly ways: Ways;
  readonly onAsk: (what: 'approve' | 'deny' | 'code') => void;
};

/** What can be decided here, by what proof, or what is missing for it. */
export const DecideCard = ({ approval, ways, onAsk }: CardProps) => {
  const given = approval.decisions.filter(({ decision }) => decision === 'approve').length;
  return (
    <section class="card approval-part decide" aria-labelledby="decide-title">
      <h2 id="decide-title">Your decision</h2>
      <p class="decide-until">
        Left: <Remaining at={approval.expires_at} />. After that it is denied.
      </p>
      {approval.approvers_needed > 1 ? (
        <p>
          {approval.approvers_needed} people must approve; {given} did.
        </p>
      ) : null}
      <div class="decide-buttons">
        {ways.approve.length === 0 ? null : (
          <button type="button" class="button primary" aria-keyshortcuts="a" onClick={() => onAsk('approve')}>
            Approve… <Key name="a" />
          </button>
        )}
        {ways.mayDeny ? (
          <button type="button" class="button danger" aria-keyshortcuts="d" onClick={() => onAsk('deny')}>
            Deny… <Key name="d" />
          </button>
        ) : null}
        {ways.mayShowCode ? (
          <button type="button" class="button plain" onClick={() => onAsk('code')}>
            Show a one-time code
          </button>
        ) : null}
      </div>
      <Missing ways={ways} approval={approval} />
    </section>
  );
};

/** The key that does the same; the button's name does without it. */
const Key = ({ name }: { readonly name: string }) => (
  <span aria-hidden="true">
    <kbd>{name}</kbd>
  </span>
);

const Missing = ({ ways, approval }: Pick<CardProps, 'ways' | 'approval'>) => {
  const signIn = (
    <a class="button small" href={`/login?next=/approvals/${encodeURIComponent(approval.approval_id)}`}>
      Sign in as a person
    </a>
  );
  switch (ways.missing) {
    case undefined:
      return null;
    case 'nobody':
      return (
        <Note tone="warn" title="No person is set up yet, so nobody can approve">
          <p>
            Run <code>claude-orchestrator init</code> in a terminal, choose a passphrase, and come back. The
            request waits until then.
          </p>
        </Note>
      );
    case 'signIn':
      return (
        <Note
          tone="idle"
          title={
            ways.approve.length > 0
              ? 'Your passkey approves, whoever is signed in'
              : 'This session cannot approve: it takes a person’s proof'
          }
        >
          <p>
            {ways.approve.length > 0
              ? 'The session itself is an agent’s. You can also sign in by your passphrase.'
              : 'Sign in by your passphrase, or by a passkey where this browser has one.'}
          </p>
          {signIn}
        </Note>
      );
    case 'ownRequest':
      return (
        <Note tone="idle" title="This key asked for it, so it cannot approve it">
          <p>Another key, or a person, has to.</p>
          {signIn}
        </Note>
      );
    case 'role':
      return (
        <Note tone="idle" title="This key approves nothing">
          <p>That takes a key with the role approver, or a person.</p>
          {signIn}
        </Note>
      );
  }
};

/** Where to go on once this one is decided. */
export const NextAsked = ({ than }: { readonly than: string }) => {
  const others = (openApprovals.value ?? []).filter((row) => row.approval_id !== than);
  const [next] = others;
  if (next === undefined) return <a href="/approvals">All approvals</a>;
  return (
    <a class="button" href={`/approvals/${next.approval_id}`}>
      Next of {others.length} that wait
    </a>
  );
};
