import { readFileSync } from 'node:fs';
import { z } from 'zod';

const sentenceSchema = z.strictObject({ says: z.string(), tool: z.string() });

/** What a user says, and the tool that an agent should call for it. */
export type Sentence = z.infer<typeof sentenceSchema>;

export const SENTENCES: readonly Sentence[] = readFileSync(new URL('routing.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => sentenceSchema.parse(JSON.parse(line)));
