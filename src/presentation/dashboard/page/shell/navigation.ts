import { openCount, openCountText } from '../data/approvals.ts';
import { counts } from '../data/jobs.ts';
import { mayAudit, mayManageKeys } from '../data/session.ts';
import type { IconName } from '../ui/Icon.tsx';

export type Place = {
  readonly path: string;
  readonly word: string;
  readonly icon: IconName;
  /** Where it is not for everyone. */
  readonly isShown?: () => boolean;
  /** What waits there, and its words for those who listen; nothing where nothing does. */
  readonly badge?: () => { readonly text: string; readonly words: string } | undefined;
  /** Where the bar has no room for it, it is a press away on other pages. */
  readonly isWideOnly?: boolean;
};

const wanting = (): number => (counts.value?.wants ?? 0) + (counts.value?.failed ?? 0);

/** The places of the bar, in their order. */
export const PLACES: readonly Place[] = [
  {
    path: '/',
    word: 'Jobs',
    icon: 'jobs',
    badge: () => (wanting() > 0 ? { text: String(wanting()), words: 'to look at' } : undefined),
  },
  {
    path: '/approvals',
    word: 'Approvals',
    icon: 'hand',
    badge: () =>
      openCount.value > 0 ? { text: openCountText.value, words: 'wait for a decision' } : undefined,
  },
  { path: '/system', word: 'System', icon: 'system' },
  { path: '/audit', word: 'Audit', icon: 'list', isShown: () => mayAudit.value, isWideOnly: true },
  { path: '/keys', word: 'Keys', icon: 'key', isShown: () => mayManageKeys.value },
  { path: '/you', word: 'You', icon: 'person' },
];
