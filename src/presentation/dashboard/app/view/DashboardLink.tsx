import { toast } from '../../page/ui/toasts.ts';
import type { Host } from '../data/host.ts';
import { settings } from '../data/settings.ts';

/** Asks the host to open the dashboard, where there is one and the host can. */
export const DashboardLink = ({ host, path }: { readonly host: Host; readonly path: string }) => {
  const { dashboard } = settings;
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
