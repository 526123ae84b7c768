import type { Counts } from '../data/overview.ts';

type Part = 'approval' | 'attention' | 'failed' | 'running';
export type HeadlinePart = { readonly text: string; readonly state: Part };

/** The state of everything in a few words, what matters most first; nothing where all is quiet. */
export const headlineParts = ({ approvals, wants, failed, running }: Counts): readonly HeadlinePart[] => {
  const parts: readonly HeadlinePart[] = [
    { text: `${approvals} to approve`, state: 'approval' },
    { text: `${wants} ${wants === 1 ? 'wants' : 'want'} you`, state: 'attention' },
    { text: `${failed} failed`, state: 'failed' },
    { text: `${running} running`, state: 'running' },
  ];
  const many = { approval: approvals, attention: wants, failed, running };
  return parts.filter(({ state }) => many[state] > 0);
};

/** `2 to approve · 1 wants you · 2 failed · 3 running`; `All quiet` without any. */
export const headline = (counts: Counts): string =>
  headlineParts(counts)
    .map(({ text }) => text)
    .join(' · ') || 'All quiet';

const PRODUCT = 'Orchestrator';

/**
 * The text of the tab: what runs and what wants someone first, since tabs show little.
 * @param counts undefined while nothing is known. @param page the page's own name, empty on the overview.
 */
export const titleText = (counts: Counts | undefined, page: string, lost: boolean): string => {
  const busy = counts !== undefined && counts.approvals + counts.wants + counts.failed + counts.running > 0;
  return [
    ...(lost ? ['offline'] : busy ? [headline(counts)] : []),
    ...(page === '' ? [] : [page]),
    PRODUCT,
  ].join(' – ');
};

export type Mark = 'idle' | 'running' | 'attention' | 'failed' | 'lost';

/** Which of the tab's icons tells the state: what wants someone outranks what failed, that what runs. */
export const markOf = (counts: Counts | undefined, lost: boolean): Mark => {
  if (lost) return 'lost';
  if (counts === undefined) return 'idle';
  if (counts.approvals + counts.wants > 0) return 'attention';
  if (counts.failed > 0) return 'failed';
  return counts.running > 0 ? 'running' : 'idle';
};
