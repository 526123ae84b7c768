import { spoken } from '../data/spoken.ts';

/** Changes of state for those who listen: polite, and only what one would act on. */
export const Spoken = () => (
  <div class="hidden-words" role="status" aria-live="polite">
    {spoken.value}
  </div>
);
