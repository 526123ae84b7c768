import type { ToolPreset } from '../tools/index.ts';

/** What the view has to know before it has heard anything of its job. */
export type ViewSettings = {
  /** With `core` there is neither job_cancel nor job_steer to call. */
  readonly tools: ToolPreset;
  /** Address of the dashboard, without a slash at the end. */
  readonly dashboard?: string;
};

/** As it stands in the built page. */
const EMPTY = /(<meta name="orchestrator" content=)""/;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

/** The page with `settings` written into it, where the view reads them. */
export const withSettings = (page: string, settings: ViewSettings): string => {
  const content = JSON.stringify(settings).replaceAll(/[&"<>]/g, (sign) => ENTITIES[sign] ?? '');
  return page.replace(EMPTY, (_whole, head: string) => `${head}"${content}"`);
};
