import { effect } from '@preact/signals';
import { remembered } from '../data/remembered.ts';

export type Theme = 'system' | 'light' | 'dark';

/** `system` follows the machine's own setting. */
export const theme = remembered<string>('theme', 'system');

const ORDER: readonly Theme[] = ['system', 'light', 'dark'];

export const themeNow = (): Theme => ORDER.find((name) => name === theme.value) ?? 'system';

export const nextTheme = (): Theme => ORDER[(ORDER.indexOf(themeNow()) + 1) % ORDER.length] ?? 'system';

effect(() => {
  const chosen = themeNow();
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
});
