export type SseEvent = {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last id of the stream so far, as the event's own or an earlier one's. */
  readonly id: string | undefined;
};

/** Longest event that is taken in, characters: the largest answer is some hundred kilobytes. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

const LINE_END = /\r\n|\n|\r(?!$)/g;

/**
 * The parser of server-sent events (WHATWG): it is fed with text as it comes, cut anywhere, and hands out
 * whole events only, so that one whose end was lost with its connection is none.
 * @throws RangeError where one event has more than 16 million characters.
 */
export const createSseParser = (onEvent: (event: SseEvent) => void): { feed(text: string): void } => {
  let rest = '';
  let name = '';
  let data: string[] = [];
  let id: string | undefined;
  let size = 0;
  let first = true;

  const dispatch = (): void => {
    if (data.length > 0) onEvent({ event: name === '' ? 'message' : name, data: data.join('\n'), id });
    name = '';
    data = [];
    size = 0;
  };

  const line = (text: string): void => {
    if (text === '') dispatch();
    const colon = text.indexOf(':');
    // An empty line has no field; a line that begins with a colon is a comment.
    if (text === '' || colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') name = value;
    else if (field === 'data') {
      data.push(value);
      size += value.length;
    } else if (field === 'id' && !value.includes('\0')) id = value;
  };

  return {
    feed: (text) => {
      rest += first && text.startsWith('\ufeff') ? text.slice(1) : text;
      first &&= text === '';
      let from = 0;
      for (const { 0: end, index } of rest.matchAll(LINE_END)) {
        line(rest.slice(from, index));
        from = index + end.length;
      }
      rest = rest.slice(from);
      if (size + rest.length > MAX_CHARACTERS) throw new RangeError('an event is longer than 16 MB');
    },
  };
};
