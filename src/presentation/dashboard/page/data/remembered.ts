import { effect, type Signal, signal } from '@preact/signals';

const PREFIX = 'orchestrator.';

/** Storage can be switched off or full; the page works all the same, it only forgets. */
const stored = (key: string): unknown => {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
  } catch {
    return null;
  }
};

const hasShape = <T>(value: unknown, like: T): value is T =>
  typeof value === typeof like && value !== null && Array.isArray(value) === Array.isArray(like);

/** A signal that this browser keeps. What it kept in another shape than `first`'s is dropped. */
export const remembered = <T extends string | boolean | readonly string[]>(
  key: string,
  first: T,
): Signal<T> => {
  const before = stored(key);
  const value = signal<T>(hasShape(before, first) ? before : first);
  effect(() => {
    const text = JSON.stringify(value.value);
    try {
      localStorage.setItem(PREFIX + key, text);
    } catch {
      // Forgotten at the next load, no more.
    }
  });
  return value;
};
