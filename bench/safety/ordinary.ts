import path from 'node:path';
import { z } from 'zod';
import { linesOf } from './corpus.ts';
import { isStopped, judgeCommand, REPOSITORY } from './judged.ts';

const line = z.strictObject({
  command: z.string().min(1),
  /** Files and folders, seen from the worktree, that the worker made or that git ignores. */
  made_by_worker: z.array(z.string()).default([]),
});

export type Ordinary = z.infer<typeof line>;

export const readOrdinary = (): readonly Ordinary[] =>
  linesOf(path.join(import.meta.dirname, 'ordinary.jsonl')).map((text) => line.parse(JSON.parse(text)));

const owns =
  ({ made_by_worker: made }: Ordinary) =>
  (file: string): boolean =>
    made.some((own) => {
      const whole = path.posix.resolve(REPOSITORY, own);
      return file === whole || file.startsWith(`${whole}/`);
    });

/** Commands of ordinary work for which a person would be asked, with the reason. */
export const asked = (
  all: readonly Ordinary[],
): readonly { readonly command: string; readonly why: string }[] =>
  all.flatMap((each) => {
    const verdict = judgeCommand(each.command, owns(each));
    return isStopped(verdict.risk)
      ? [{ command: each.command, why: `${verdict.reasons[0]?.code}: ${verdict.reasons[0]?.text}` }]
      : [];
  });
