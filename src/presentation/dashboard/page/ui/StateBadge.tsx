import { Icon } from './Icon.tsx';
import { LOOKS, type State } from './states.ts';

/** A state as shape, word and colour. */
export const StateBadge = ({ state }: { readonly state: State }) => {
  const { word, icon, tone } = LOOKS[state];
  return (
    <span class={`badge tone-${tone}`}>
      <Icon name={icon} class={icon === 'running' ? 'turning' : ''} />
      {word}
    </span>
  );
};
