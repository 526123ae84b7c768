import { useCallback } from 'preact/hooks';
import { lazy, Route, Router, useLocation } from 'preact-iso';
import { rows } from '../data/jobs.ts';
import { LoginPage } from '../pages/LoginPage.tsx';
import { NotFoundPage } from '../pages/NotFoundPage.tsx';
import { OverviewPage } from '../pages/overview/OverviewPage.tsx';
import { usePageTitle } from '../ui/pageTitle.ts';
import { useShortcut } from '../ui/shortcuts.ts';

/** What is not seen at once is loaded when it is asked for. */
const NewJobPage = lazy(() => import('../pages/newJob/NewJobPage.tsx').then((file) => file.NewJobPage));
const JobPage = lazy(() => import('../job/JobPage.tsx').then((file) => file.JobPage));
const SystemPage = lazy(() => import('../pages/system/SystemPage.tsx').then((file) => file.SystemPage));
const KeysPage = lazy(() => import('../pages/keys/KeysPage.tsx').then((file) => file.KeysPage));
const ApprovalsPage = lazy(() =>
  import('../pages/approvals/ApprovalsPage.tsx').then((file) => file.ApprovalsPage),
);
const ApprovalPage = lazy(() =>
  import('../pages/approvals/ApprovalPage.tsx').then((file) => file.ApprovalPage),
);
const AuditPage = lazy(() => import('../pages/audit/AuditPage.tsx').then((file) => file.AuditPage));
const YouPage = lazy(() => import('../pages/you/YouPage.tsx').then((file) => file.YouPage));

const JobRoute = ({ jobId }: { readonly jobId: string }) => {
  const request = rows.value.get(jobId)?.request;
  usePageTitle(request ?? 'Job');
  return <JobPage key={jobId} jobId={jobId} />;
};

const ApprovalRoute = ({ approvalId }: { readonly approvalId: string }) => (
  <ApprovalPage key={approvalId} approvalId={approvalId} />
);

let lastJob: string | undefined;

/** After a change of page the reader starts at its top, the keyboard and the screen reader too. */
const toTop = (url: string): void => {
  const job = /^\/jobs\/[^/?#]+/.exec(url)?.[0];
  const within = job !== undefined && job === lastJob;
  lastJob = job;
  // A task that opens over its job takes the focus itself, and gives it back.
  if (within) return;
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
};

/** Which page an address shows. A new face is a line here and one in `navigation.ts`. */
export const Pages = () => {
  const { route } = useLocation();
  useShortcut(
    'w',
    'What waits for approval',
    useCallback(() => route('/approvals'), [route]),
  );
  useShortcut(
    'n',
    'New job',
    useCallback(() => route('/new'), [route]),
  );
  return (
    <Router onRouteChange={toTop}>
      <Route path="/" component={OverviewPage} />
      <Route path="/new" component={NewJobPage} />
      {/* One route, so that the job stays where it is while its tasks open and close over it. */}
      <Route path="/jobs/:jobId/:rest*" component={JobRoute} />
      <Route path="/approvals" component={ApprovalsPage} />
      <Route path="/approvals/:approvalId" component={ApprovalRoute} />
      <Route path="/audit" component={AuditPage} />
      <Route path="/system" component={SystemPage} />
      <Route path="/keys" component={KeysPage} />
      <Route path="/you" component={YouPage} />
      <Route path="/login" component={LoginPage} />
      <Route default component={NotFoundPage} />
    </Router>
  );
};
