import { signal } from '@preact/signals';

/** What a screen reader is told. */
export const spoken = signal('');
