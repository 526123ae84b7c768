export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

const snakeKey = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A value of the core with its keys in the wire's spelling; `text` sees every string. For records whose keys
 * are all ours (events, receipts): a map with callers' keys must not come here.
 */
export const snakeJson = (value: unknown, text: (value: string) => string): Json => {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => snakeJson(item, text));
  if (typeof value === 'object' && value !== null) return snakeObject(value, text);
  return null;
};

export const snakeObject = (value: object, text: (value: string) => string): JsonObject =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [snakeKey(key), snakeJson(item, text)]),
  );
