import type { Priority } from '../../domain/task.ts';
import { wording } from './requestText.ts';

type Clue = { readonly priority: Priority; readonly pattern: RegExp };

// In this order, the first that matches decides: "not urgent" must not read as urgent, and an outage that is
// also urgent is an outage. Words with a technical sense ("critical section", "returns immediately",
// "non-blocking") count only in a phrase that speaks of the work.
const CLUES: readonly Clue[] = [
  {
    priority: 'low',
    pattern:
      /\b(?:not (?:that |very |at all )?(?:urgent|critical|time[- ]sensitive)|isn't urgent|no rush|no hurry|low[- ]priority|when(?:ever)? you (?:have|get|find) (?:the |some |a )?(?:time|chance|moment)|if you (?:have|get) (?:the |some |a )?(?:time|chance)|nice[- ]to[- ]have|at some point|whenever (?:possible|convenient)|in your spare time)\b/i,
  },
  {
    priority: 'critical',
    pattern:
      /\b(?:prod(?:uction)?(?: site| server| database| db)?(?: is| has gone| went)? (?:down|broken|failing|on fire)|outage|(?:site|service|server) is down|data loss|security (?:breach|incident|hole)|p0|sev[- ]?[01]|(?:is|very|most|mission|absolutely)[ -]critical|critical (?:bug|issue|fix|problem|priority|incident|failure|vulnerability))\b|(?:^|\n)\W{0,4}critical\b[\])*]{0,3}[:!,. ]/i,
  },
  {
    priority: 'high',
    pattern:
      /\b(?:urgent(?:ly)?|asap|as soon as possible|right away|high[- ]priority|top priority|p1|blocker|blocking (?:the |our |a )?(?:release|launch|deploy\w*|us|everyone|customers?)|hotfix|(?:need|fix|ship|do|merge|address)\w{0,3}\b[^.\n]{0,40}\bimmediately)\b/i,
  },
];

/**
 * The priority of a request. A caller's own choice (anything but `normal`, which is also the default) wins;
 * otherwise the request's wording decides.
 */
export const inferPriority = (
  request: string,
  given: Priority,
): { priority: Priority; reason: string | undefined } => {
  if (given !== 'normal') return { priority: given, reason: undefined };
  const text = wording(request);
  for (const { priority, pattern } of CLUES) {
    const said = pattern.exec(text)?.[0].trim().slice(0, 60);
    if (said !== undefined) return { priority, reason: `Priority ${priority}: the request says "${said}".` };
  }
  return { priority: 'normal', reason: undefined };
};
