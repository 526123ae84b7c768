import { createParser } from 'eventsource-parser';

export type SseEvent = {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last id of the stream so far, as the event's own or an earlier one's. */
  readonly id: string | undefined;
};

/** Longest event that is taken in, characters: the largest answer is some hundred kilobytes. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/**
 * The parser of server-sent events: it is fed with text as it comes, cut anywhere, and hands out whole events
 * only, so that one whose end was lost with its connection is none.
 * @throws RangeError where one event has more than 16 million characters.
 */
export const createSseParser = (onEvent: (event: SseEvent) => void): { feed(text: string): void } => {
  let lastId: string | undefined;
  let waiting = 0;
  const parser = createParser({
    onEvent: ({ event, data, id }) => {
      lastId = id ?? lastId;
      waiting = 0;
      onEvent({ event: event ?? 'message', data, id: lastId });
    },
    onComment: () => {
      waiting = 0;
    },
  });
  return {
    feed: (text) => {
      waiting += text.length;
      parser.feed(text);
      if (waiting > MAX_CHARACTERS) throw new RangeError('one event of the stream is too long');
    },
  };
};
