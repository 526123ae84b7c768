import type { Counts } from '../../data/overview.ts';
import { headlineParts } from '../../shell/headline.ts';
import { Icon } from '../../ui/Icon.tsx';
import { LOOKS } from '../../ui/states.ts';

/** The state of everything, large enough to be read across a room. */
export const Headline = ({ counts }: { readonly counts: Counts | undefined }) => {
  const parts = counts === undefined ? [] : headlineParts(counts);
  return (
    <h1 class="headline">
      {parts.length === 0
        ? 'All quiet'
        : parts.map(({ text, state }) => (
            <span key={state} class={`part ${LOOKS[state].tone}`}>
              <Icon name={LOOKS[state].icon} />
              {text}
            </span>
          ))}
    </h1>
  );
};
