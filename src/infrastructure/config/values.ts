import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';

/**
 * Kinds of values that a setting can have. Each reads what the environment gives (text) as well as what JSON
 * gives (numbers, lists). No message repeats the value: what stands in the wrong setting may be a secret.
 */

const numeral = (raw: unknown): unknown =>
  typeof raw === 'string' && /^\s*\d{1,15}\s*$/.test(raw) ? Number(raw) : raw;

/** A whole number from `min` to `max`, both included. */
export const wholeNumber = (min: number, max: number) => {
  const range = `must be from ${min} to ${max}`;
  return z.preprocess(
    numeral,
    z.number('must be a whole number').int('must be a whole number').min(min, range).max(max, range),
  );
};

/** `auto`, or a whole number from 1 to `max`. */
export const autoOrCount = (max: number) => {
  const message = `must be "auto" or a whole number from 1 to ${max}`;
  return z.preprocess(
    (raw) => (typeof raw === 'string' && raw.trim().toLowerCase() === 'auto' ? 'auto' : numeral(raw)),
    z.union([z.literal('auto'), z.number().int(message).min(1, message).max(max, message)], message),
  );
};

/**
 * An absolute path without its trailing separator and without "..". A function, since a registry knows a schema
 * by identity: two settings must not share one.
 */
export const absolutePath = () =>
  z
    .string('must be a path')
    .refine((text) => !text.includes('\0'), { message: 'must not hold NUL' })
    .refine((text) => path.isAbsolute(text), {
      message: 'must be an absolute path ("~" and variables are not expanded)',
    })
    .transform((text) => path.resolve(text));

/** Text split at `separator`, or a JSON list; blanks around an item and empty items do not count. */
export const listOf = <T extends z.ZodType>(item: T, separator: string) =>
  z.preprocess(
    (raw) =>
      typeof raw === 'string'
        ? raw
            .split(separator)
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : raw,
    z.array(item, 'must be a list').readonly(),
  );

/** One of `words`, whatever its case; it comes back as it is written in `words`. */
export const oneOf = <const W extends string>(words: readonly W[]) =>
  z.preprocess(
    (raw) =>
      typeof raw === 'string'
        ? (words.find((word) => word.toLowerCase() === raw.trim().toLowerCase()) ?? raw)
        : raw,
    z.enum(words, `must be one of ${words.join(', ')}`),
  );

/** The name of an environment variable: a name only, so that a value put there by mistake is refused. */
export const variableName = z
  .string('must be a list of names')
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'must be names of environment variables, without "=" and without values',
  );

const captureGroups = (pattern: string): number | undefined => {
  try {
    // An empty alternative always matches, and a match has one place for every group.
    const match = new RegExp(`${pattern}|`).exec('');
    new RegExp(pattern, 'gm');
    return match === null ? undefined : match.length - 1;
  } catch {
    return undefined;
  }
};

/** A regular expression with exactly one capture group, as its source text. */
export const oneGroupPattern = z
  .string('must be a regular expression')
  .max(1000, 'must have at most 1000 characters')
  .refine((pattern) => captureGroups(pattern) !== undefined, {
    message: 'must be a valid regular expression',
    abort: true,
  })
  .refine((pattern) => captureGroups(pattern) === 1, {
    message: 'must have exactly one capture group: the name of the test',
  });

const parsedUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/** An http or https address without user, query and fragment; without its last slash. */
export const webUrl = () =>
  z
    .string('must be a URL')
    .refine(
      (text) => {
        const url = parsedUrl(text);
        if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return false;
        return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
      },
      { message: 'must be an http or https URL without user, query and fragment' },
    )
    .transform((text) => new URL(text).href.replace(/\/$/, ''));

/** `https://host:port`, as a browser writes it. */
export const webOrigin = z
  .string('must be a list of origins')
  .refine((text) => parsedUrl(text)?.origin === text && /^https?:/.test(text), {
    message: 'must be origins as a browser writes them, like https://example.org:8443, without "*"',
  });

export const proxyAddress = z
  .string('must be a list of addresses')
  .refine((text) => isIP(text) !== 0, { message: 'must be IP addresses' });

/** Minutes, also parts of one. */
export const minutes = (max: number) => {
  const range = `must be from 0 to ${max}`;
  return z.preprocess(
    (raw) => (typeof raw === 'string' && /^\s*\d{1,9}(\.\d{1,9})?\s*$/.test(raw) ? Number(raw) : raw),
    z.number('must be a number').min(0, range).max(max, range),
  );
};

/** A secret that goes into a header: printable, without blanks. */
export const apiKey = z
  .string('must be text')
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'must have no blanks and no characters outside ASCII');
