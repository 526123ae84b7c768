/**
 * The marker language: `[[name:argument]]` in a prompt says what the scripted model answers to it.
 * docs/decisions/scripted-api.md has the whole list.
 */
export type Marker = {
  /** Lower-case letters and digits. */
  readonly name: string;
  /** What stands behind the colon, trimmed; may hold JSON, brackets and line breaks. */
  readonly argument: string;
  /** The marker as it was written, brackets included. */
  readonly raw: string;
};

/** What one text says: its markers, and the text by which its faults are counted. */
export type Script = { readonly markers: readonly Marker[]; readonly key: string };

const OPENING = /\[\[([a-z0-9]+)(:|\s|(?=\]\]))/g;

/**
 * @returns where the argument that starts at `from` ends (the index of its `]]`), or undefined where it never does.
 * JSON may hold `]]` itself, in nested arrays and in strings, so brackets are counted and strings skipped.
 */
const endOfArgument = (text: string, from: number): number | undefined => {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
      continue;
    }
    // Outside of any bracket a quote is only prose: `[[text:He said "hi]]` must not run on to the next quote.
    if (character === '"' && depth > 0) inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === ']' && depth === 0 && text[at + 1] === ']') return at;
    else if ((character === '}' || character === ']') && depth > 0) depth--;
  }
  return undefined;
};

/** @returns every marker of a text, in order. Markers inside another marker's argument belong to that argument. */
export const parseMarkers = (text: string): readonly Marker[] => scan(text).map(({ marker }) => marker);

type Found = { readonly marker: Marker; readonly start: number; readonly end: number };

const scan = (text: string): Found[] => {
  const found: Found[] = [];
  const opening = new RegExp(OPENING);
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const from = opening.lastIndex;
    const at = endOfArgument(text, from);
    if (at === undefined) continue;
    const end = at + 2;
    found.push({
      marker: {
        name: match[1] ?? '',
        argument: text.slice(from, at).trim(),
        raw: text.slice(match.index, end),
      },
      start: match.index,
      end,
    });
    opening.lastIndex = end;
  }
  return found;
};

const REMINDER = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

/** The text without what the CLI itself puts beside a prompt. */
export const withoutReminders = (text: string): string => text.replace(REMINDER, '').trim();

/**
 * Reads a prompt's script. Our workers' prompts wrap the task's own prompt in a goal and in other tasks' summaries;
 * a prompt that writes `[[begin]] … [[end]]` is heard alone, whatever stands around it. The last pair counts.
 */
export const readScript = (text: string): Script => {
  const found = scan(text);
  const beginAt = found.findLastIndex(({ marker }) => marker.name === 'begin');
  if (beginAt < 0) return { markers: found.map(({ marker }) => marker), key: withoutReminders(text) };
  const rest = found.slice(beginAt + 1);
  const endAt = rest.findIndex(({ marker }) => marker.name === 'end');
  const inside = endAt < 0 ? rest : rest.slice(0, endAt);
  return {
    markers: inside.map(({ marker }) => marker),
    key: text.slice(found[beginAt]?.start, rest[endAt]?.end),
  };
};

/**
 * Splits a script at its `[[next]]` markers: the first part answers the prompt that carries it, the following ones
 * answer the prompts that come after it in the same conversation and carry no markers (a repair, a question).
 */
export const turnsOf = (markers: readonly Marker[]): readonly (readonly Marker[])[] => {
  const turns: Marker[][] = [[]];
  for (const marker of markers) {
    if (marker.name === 'next') turns.push([]);
    else turns.at(-1)?.push(marker);
  }
  return turns;
};

/** @returns a marker as text, for scripts that are made by code. */
export const write = (name: string, argument?: string): string =>
  argument === undefined ? `[[${name}]]` : `[[${name}:${argument}]]`;

/** @returns the marker for one tool call. */
export const writeTool = (tool: string, input: Readonly<Record<string, unknown>>): string =>
  write('tool', `${tool} ${JSON.stringify(input)}`);
