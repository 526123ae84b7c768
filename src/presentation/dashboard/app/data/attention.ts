/**
 * Tells whether somebody can see the view. A conversation holds a view for every call of a tool, and those that
 * were scrolled away must not all go on asking.
 */
export const watchAttention = (): { whenSeen(): Promise<void>; close(): void } => {
  let onScreen = true;
  let waiting: (() => void)[] = [];
  const isSeen = (): boolean => onScreen && !document.hidden;
  const tell = (): void => {
    if (!isSeen()) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const observer = new IntersectionObserver(([entry]) => {
    onScreen = entry?.isIntersecting ?? true;
    tell();
  });
  observer.observe(document.documentElement);
  document.addEventListener('visibilitychange', tell);
  return {
    whenSeen: () => (isSeen() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close: () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', tell);
    },
  };
};
