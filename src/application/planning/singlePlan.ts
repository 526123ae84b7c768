import { buildPlan, type Plan } from '../../domain/plan.ts';
import type { Priority } from '../../domain/task.ts';
import { taskIdOf, titleOf } from './naming.ts';

/**
 * The plan of a request that stays in one piece.
 * @param verify the job's verification: it is this task's too, so that its worker can mend what turns red.
 */
export const singlePlan = (request: string, priority: Priority, verify?: string): Plan => {
  const title = titleOf(request);
  return buildPlan([
    {
      id: taskIdOf(0, title),
      title,
      prompt: request,
      dependsOn: [],
      priority,
      ...(verify === undefined ? {} : { verify }),
    },
  ]);
};
