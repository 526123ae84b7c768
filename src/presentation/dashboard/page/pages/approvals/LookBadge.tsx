import { Icon, type IconName } from '../../ui/Icon.tsx';
import type { Tone } from '../../ui/states.ts';

type LookProps = { readonly word: string; readonly icon: IconName; readonly tone: Tone };

/** A risk or a state as shape, word and colour. */
export const LookBadge = ({ word, icon, tone }: LookProps) => (
  <span class={`badge tone-${tone}`}>
    <Icon name={icon} />
    {word}
  </span>
);
