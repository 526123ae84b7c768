import { parse } from 'yaml';

/** A worker may have written it: beyond this its nesting alone could take seconds. */
const MOST_TEXT = 64 * 1024;

/** What a YAML text holds; undefined where it is too long, or none. */
export const yamlIn = (text: string): unknown => {
  if (text.length > MOST_TEXT) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};
