import type { ViewSettings } from '../../../mcp/apps/viewSettings.ts';
import { jsonOf } from '../../page/data/http.ts';
import type { Host } from './host.ts';

/** What the server wrote into the page. Without it everything is offered but the dashboard. */
export const settings: ViewSettings = (() => {
  const content = document.querySelector<HTMLMetaElement>('meta[name="orchestrator"]')?.content ?? '';
  return content === '' ? { tools: 'full' } : jsonOf<ViewSettings>(content);
})();

/** The same as it is now. */
export const readSettings = async (host: Host): Promise<ViewSettings> =>
  jsonOf<ViewSettings>(await host.read('ui://claude-orchestrator/job/settings'));
