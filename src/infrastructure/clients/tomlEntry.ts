import { parse, patch, stringify } from '@decimalturn/toml-patch';
import { z } from 'zod';
import { BrokenText, lineAt } from './brokenText.ts';
import { sameValue } from './sameValue.ts';

/**
 * The same as for JSON, for Codex's config.toml: `[container.name]`. The server is a block at the end of the
 * file, which no other table is touched by; only where the file has its servers in an inline table the library
 * patches that one.
 */

const documentSchema = z.record(z.string(), z.unknown());
const serversSchema = z.record(z.string(), z.unknown());
type Servers = z.output<typeof serversSchema>;

/** @returns the value of the server, or undefined. @throws BrokenText */
export const readTomlEntry = (text: string, container: string, name: string): unknown =>
  serversIn(text, container)[name];

/** @returns the text with the server added, or replaced. @throws BrokenText */
export const putTomlEntry = (text: string, container: string, name: string, value: object): string => {
  const servers = serversIn(text, container);
  const whole = { ...documentOf(text), [container]: { ...servers, [name]: value } };
  if (servers[name] !== undefined) return checked(patch(text, whole), whole);
  const appended = text + blockAfter(text, block(text, container, name, value));
  return same(appended, whole) ? appended : checked(patch(text, whole), whole);
};

/** @returns the text without the server; all the rest as it was. @throws BrokenText */
export const removeTomlEntry = (text: string, container: string, name: string): string => {
  const servers = serversIn(text, container);
  const value = servers[name];
  if (value === undefined) return text;
  const { [name]: _gone, ...others } = servers;
  const { [container]: _all, ...rest } = documentOf(text);
  const whole = { ...rest, [container]: others };
  for (const candidate of candidates(text, block(text, container, name, Object(value)))) {
    if (same(candidate, whole) || (Object.keys(others).length === 0 && same(candidate, rest)))
      return candidate;
  }
  return checked(patch(text, whole), whole);
};

const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const documentOf = (text: string): z.output<typeof documentSchema> => {
  try {
    return documentSchema.parse(parse(text));
  } catch (thrown) {
    const at = z.object({ line: z.number() }).safeParse(thrown);
    const line = at.success ? at.data.line : lineAt(text, text.length);
    throw new BrokenText(`line ${line} is not valid TOML`, { cause: thrown });
  }
};

const serversIn = (text: string, container: string): Servers => {
  const servers = serversSchema.safeParse(documentOf(text)[container] ?? {});
  if (!servers.success) throw new BrokenText(`"${container}" is not a table`);
  return servers.data;
};

/** The block of a server, its lines ended as the file's are, without the last line end. */
const block = (text: string, container: string, name: string, value: object): string =>
  [`[${container}.${name}]`, ...stringify(value, { inlineTableStart: 0 }).trimEnd().split(/\r?\n/)].join(
    eolOf(text),
  );

/** What is appended: a blank line before the block, and a line end after it where the file ends with one. */
const blockAfter = (text: string, added: string): string => {
  const eol = eolOf(text);
  if (text === '' || text === '\uFEFF') return added + eol;
  return text.endsWith('\n') ? eol + added + eol : eol + eol + added;
};

/** The text without the block, for each way in which it may have been appended. */
const candidates = (text: string, added: string): readonly string[] => {
  const at = text.lastIndexOf(added);
  if (at < 0) return [];
  const eol = eolOf(text);
  const before = text.slice(0, at);
  const after = text.slice(at + added.length);
  const without = (lead: string, trail: string): readonly string[] =>
    before.endsWith(lead) && after.startsWith(trail)
      ? [before.slice(0, before.length - lead.length) + after.slice(trail.length)]
      : [];
  const alone = before === '' || before === '\uFEFF';
  return [
    ...(alone ? without('', eol) : []),
    ...(after === '' ? without(eol + eol, '') : without(eol, eol)),
    ...without('', ''),
  ];
};

const same = (text: string, whole: unknown): boolean => {
  try {
    return sameValue(parse(text), whole);
  } catch {
    return false;
  }
};

const checked = (text: string, whole: unknown): string => {
  if (same(text, whole)) return text;
  throw new BrokenText('the file has a form that cannot be edited safely');
};
