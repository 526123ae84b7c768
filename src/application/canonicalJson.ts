/**
 * Canonical JSON (RFC 8785): no spaces, the keys of every object by their UTF-16 units, so that equal values give equal
 * text. What JSON has no form for is as `JSON.stringify` takes it: left out of objects, `null` in lists and alone.
 */
export const canonicalJson = (value: unknown): string => textOf(value) ?? 'null';

/** @returns undefined for what JSON has no form for. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return textOf(value.toJSON());
  if (Array.isArray(value)) return `[${value.map((part) => textOf(part) ?? 'null').join(',')}]`;
  // Written part by part: an object built anew would put integer-like keys first.
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, part]) => {
      const text = textOf(part);
      return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
    });
  return `{${parts.join(',')}}`;
};
