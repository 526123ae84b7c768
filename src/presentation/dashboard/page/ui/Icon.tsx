import { type IconName, SHAPES } from './iconShapes.ts';

export type { IconName } from './iconShapes.ts';

/** A decorative shape: what it means stands beside it in words. */
export const Icon = ({ name, class: extra = '' }: { readonly name: IconName; readonly class?: string }) => (
  <svg class={`icon ${extra}`} viewBox="0 0 20 20" aria-hidden="true">
    <path d={SHAPES[name]} />
  </svg>
);
