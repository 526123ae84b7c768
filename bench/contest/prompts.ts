import { longTail, seededRandom, write, writeTool } from '../../demo/scripted-api.ts';

/** One independent piece of work: a tool call that writes one file, then a word. */
export type Assignment = {
  readonly id: string;
  /** The file that must be committed at the end. */
  readonly path: string;
  readonly prompt: string;
};

/** How long the model takes to answer: for every request the same, or drawn for each assignment. */
export type Delays = { readonly fixedMs: number } | { readonly seed: number };

/** The mix with a long tail: one in ten answers is four times slower. */
const TAIL = { medianMs: 1500, tailShare: 0.1, tailFactor: 4 };
/** What a request without an assignment of its own waits in that mix (the session that starts sub-agents). */
export const TAIL_MEDIAN_MS = TAIL.medianMs;

/** Half by the Write tool and half by a shell, as work is. Paths are relative: each runs in a folder of its own. */
const toolCall = (at: number, path: string): string =>
  at % 2 === 0
    ? writeTool('Write', { file_path: path, content: `Note ${at}.\n` })
    : writeTool('Bash', { command: `printf 'Note ${at}.\\n' > ${path}`, description: 'Write a note' });

/**
 * The same prompts for every contender. The drawn delays stand in the prompts, so that a slow piece of work is
 * slow whoever does it and in whatever order.
 */
export const assignments = (count: number, delays: Delays): readonly Assignment[] => {
  const draw = 'seed' in delays ? longTail({ ...TAIL, random: seededRandom(delays.seed) }) : undefined;
  return Array.from({ length: count }, (_, at) => {
    const path = `note-${at}.txt`;
    const wait = draw === undefined ? '' : write('delay', String(Math.round(draw())));
    return {
      id: `note-${at}`,
      path,
      prompt: `Write note ${at} into ${path}. ${wait}${toolCall(at, path)}${write('text', `Note ${at} is written.`)}`,
    };
  });
};
