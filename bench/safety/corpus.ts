import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const line = z.object({
  command: z.string(),
  label: z.enum(['dangerous', 'safe']),
  category: z.string().default(''),
});

export const HALVES = ['even', 'odd'] as const;
/** `even` is for tuning, `odd` for scoring; score.ts says since when its figures are no longer blind. */
export type Half = (typeof HALVES)[number];

export type Labelled = z.infer<typeof line> & {
  readonly file: string;
  readonly half: Half;
  /** SHA-256 of the command, hex. */
  readonly hash: string;
};

const labelled = (file: string, text: string): Labelled => {
  const parsed = line.parse(JSON.parse(text));
  const hash = createHash('sha256').update(parsed.command).digest('hex');
  return { ...parsed, file, hash, half: Number.parseInt(hash.slice(0, 2), 16) % 2 === 0 ? 'even' : 'odd' };
};

/** Every line of a JSON Lines file that is not empty. */
export const linesOf = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((text) => text !== '');

/** All labelled commands of the `*.jsonl` files in `folder`, `evasion.jsonl` last. */
export const readCorpus = (folder: string): readonly Labelled[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      linesOf(path.join(folder, name)).map((text) => labelled(path.basename(name, '.jsonl'), text)),
    );
