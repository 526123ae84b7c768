import { useEffect, useState } from 'preact/hooks';
import { toast } from '../../page/ui/toasts.ts';
import type { Host } from '../data/host.ts';
import { readSettings, settings } from '../data/settings.ts';

/** Asks the host to open the dashboard, where there is one and the host can. */
export const DashboardLink = ({ host, path }: { readonly host: Host; readonly path: string }) => {
  const [dashboard, setDashboard] = useState(settings.dashboard);
  useEffect(() => {
    // The server may have been started by the call that the view stands beside, after the page was read.
    if (dashboard !== undefined || !host.readsResources) return;
    readSettings(host).then(
      (now) => setDashboard(now.dashboard),
      () => {},
    );
  }, [host]);
  if (dashboard === undefined || !host.opensLinks) return null;
  const url = `${dashboard.replace(/\/$/, '')}${path}`;
  const open = async (): Promise<void> => {
    const isOpen = await host.open(url).catch(() => false);
    if (!isOpen) toast(`It was not opened. The address is ${url}`, 'idle');
  };
  return (
    <p class="app-link">
      <button type="button" class="job-link" onClick={() => void open()}>
        Open in the dashboard
      </button>
    </p>
  );
};
