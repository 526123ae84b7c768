import { useEffect } from 'preact/hooks';
import { LocationProvider } from 'preact-iso';
import { followApprovals } from '../data/approvals.ts';
import { followJobs } from '../data/jobs.ts';
import { loadSession, sessionState } from '../data/session.ts';
import { LoginPage } from '../pages/LoginPage.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Toasts } from '../ui/Toast.tsx';
import { Bar } from './Bar.tsx';
import { Help } from './Help.tsx';
import { LostBanner } from './LostBanner.tsx';
import { Pages } from './Pages.tsx';
import { Spoken } from './Spoken.tsx';
import { showStateInTab } from './tabState.ts';

/** The whole page: the bar, what the address says, and what is the same everywhere. */
export const App = () => {
  useEffect(() => {
    void loadSession();
    return showStateInTab();
  }, []);
  return (
    <LocationProvider>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Inside />
      <Toasts />
    </LocationProvider>
  );
};

const Inside = () => {
  const state = sessionState.value;
  switch (state.kind) {
    case 'unknown':
      return <main id="main" class="page" aria-busy="true" />;
    case 'none':
      return <LoginPage expired={state.expired} />;
    case 'unreachable':
      return (
        <main id="main" class="page narrow">
          <ErrorNote error={state.error} onRetry={() => void loadSession()} />
        </main>
      );
    case 'open':
      return <SignedIn key={state.session.principal} />;
  }
};

const SignedIn = () => {
  useEffect(() => {
    // First, since the stream's first sign has them read.
    const forgetApprovals = followApprovals();
    const closeJobs = followJobs();
    return () => {
      closeJobs();
      forgetApprovals();
    };
  }, []);
  return (
    <>
      <Bar />
      <LostBanner />
      <main id="main" class="page" tabIndex={-1}>
        <Pages />
      </main>
      <Help />
      <Spoken />
    </>
  );
};
