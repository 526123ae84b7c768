import { z } from 'zod';
import type { JobResult } from '../../application/api.ts';
import { cutToBytes, fitList, SHARE } from './answerSize.ts';
import { errorAnswerSchema, errorRecordToWire } from './error.ts';
import { inertText } from './inertText.ts';
import { jobAnswerSchema, jobToWire } from './job.ts';
import { snakeObject } from './snakeCase.ts';
import type { Approvers } from './surroundings.ts';

export const resultAnswerSchema = jobAnswerSchema.extend({
  output: z.string(),
  diff_stat: z.string(),
  failures: z.array(z.object({ task_id: z.string(), error: errorAnswerSchema })).readonly(),
  receipt: z.record(z.string(), z.unknown()).optional(),
});
export type ResultAnswer = z.infer<typeof resultAnswerSchema>;

/** A job's outcome. The tasks' own words stand once, in `output`. */
export const resultToWire = (result: JobResult, approvers?: Approvers): ResultAnswer => {
  const { receipt } = result.view.job;
  const failures = result.failures.map(({ taskId, error }) => ({
    task_id: taskId,
    error: errorRecordToWire(error),
  }));
  return {
    ...jobToWire(result.view, {
      reported: true,
      summaryCharacters: 0,
      listBytes: SHARE.resultList,
      ...(approvers === undefined ? {} : { approvers }),
    }),
    output: cutToBytes(inertText(result.output, SHARE.output), SHARE.output),
    diff_stat: cutToBytes(inertText(result.diffStat, SHARE.diffStat), SHARE.diffStat),
    failures: fitList(failures, SHARE.notes, () => 0).kept,
    ...(receipt === undefined
      ? {}
      : {
          receipt: snakeObject(
            rounded({ ...receipt, criticalPath: receipt.criticalPath.slice(0, 50) }),
            (text) => text,
          ),
        }),
  };
};

/** Sums of floating point numbers end in a dozen digits that nobody measured. */
const rounded = <T extends object>(record: T): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(6)) : value,
    ]),
  );
