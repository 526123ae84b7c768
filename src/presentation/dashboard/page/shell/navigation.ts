import { mayManageKeys } from '../data/session.ts';
import type { IconName } from '../ui/Icon.tsx';

export type Place = {
  readonly path: string;
  readonly word: string;
  readonly icon: IconName;
  /** Where it is not for everyone. */
  readonly isShown?: () => boolean;
};

/** The places of the bar, in their order. */
export const PLACES: readonly Place[] = [
  { path: '/', word: 'Jobs', icon: 'jobs' },
  { path: '/system', word: 'System', icon: 'system' },
  { path: '/keys', word: 'Keys', icon: 'key', isShown: () => mayManageKeys.value },
  { path: '/you', word: 'You', icon: 'person' },
];
