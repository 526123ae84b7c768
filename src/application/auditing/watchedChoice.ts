import type { ElicitationChoice } from '../approving/elicitationChoice.ts';
import type { Seen } from './settingWatch.ts';

/** What the person chose about approvals, whose every change is heard as soon as the server looks at it. */
export const watchedChoice = (
  choice: ElicitationChoice,
  onSeen: (seen: Seen) => void,
): ElicitationChoice => ({
  elicitationChoice: async () => {
    const elicitation = await choice.elicitationChoice();
    onSeen(elicitation === 'deny_only' ? undefined : { elicitation });
    return elicitation;
  },
});
