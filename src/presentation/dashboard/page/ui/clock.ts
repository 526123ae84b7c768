import { signal } from '@preact/signals';

/** Milliseconds since 1970, moved once a second by one timer for the whole page, and only while it is seen. */
export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, 1000);
document.addEventListener('visibilitychange', () => {
  now.value = Date.now();
});
