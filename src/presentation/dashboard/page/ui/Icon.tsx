/** Strokes on a 20 × 20 field. */
const SHAPES = {
  attention: 'M10 3 18 17H2Z M10 8v4 M10 14.6v.1',
  back: 'M12 4 6 10l6 6',
  check: 'M3 10a7 7 0 1 0 14 0 7 7 0 1 0-14 0 M6.8 10.2l2.2 2.2 4.2-4.6',
  circle: 'M3.5 10a6.5 6.5 0 1 0 13 0 6.5 6.5 0 1 0-13 0',
  close: 'M5 5l10 10 M15 5 5 15',
  copy: 'M7 7h9v9H7z M4 13V4h9',
  cross: 'M7 3h6l4 4v6l-4 4H7l-4-4V7z M7.5 7.5l5 5 M12.5 7.5l-5 5',
  dots: 'M4 10a6 6 0 0 1 .8-3 M7 4.8a6 6 0 0 1 3-.8 M13 4.8A6 6 0 0 1 15.2 7 M16 10a6 6 0 0 1-.8 3 M13 15.2a6 6 0 0 1-3 .8 M7 15.2A6 6 0 0 1 4.8 13',
  info: 'M3 10a7 7 0 1 0 14 0 7 7 0 1 0-14 0 M10 9.5v4 M10 6.6v.1',
  jobs: 'M3 5h14 M3 10h14 M3 15h9',
  key: 'M3.5 13.5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0 M9.5 11 16.5 4 M14 6.5l2 2',
  merge: 'M5 4v12 M5 6.5c0 4 4 4.5 8.5 4.5 M11 8l3 3-3 3',
  moon: 'M16 12.2A6.8 6.8 0 0 1 7.8 4 6.8 6.8 0 1 0 16 12.2Z',
  pause: 'M3 10a7 7 0 1 0 14 0 7 7 0 1 0-14 0 M8.3 7.5v5 M11.7 7.5v5',
  person: 'M6.8 7a3.2 3.2 0 1 0 6.4 0 3.2 3.2 0 1 0-6.4 0 M3.5 17c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5',
  plan: 'M4 5h5 M4 10h12 M4 15h8 M13 5h3',
  plus: 'M10 4v12 M4 10h12',
  running: 'M10 3a7 7 0 1 1-7 7',
  screen: 'M3 4h14v9H3z M7 17h6 M10 13v4',
  search: 'M4 9a5 5 0 1 0 10 0A5 5 0 1 0 4 9 M13 13l4 4',
  skip: 'M4 5l6 5-6 5z M14.5 5v10',
  slash: 'M3 10a7 7 0 1 0 14 0 7 7 0 1 0-14 0 M5.2 14.800l9.6-9.6',
  sun: 'M6.8 10a3.2 3.2 0 1 0 6.4 0 3.2 3.2 0 1 0-6.4 0 M10 2.500v1.5 M10 16v1.5 M2.5 10H4 M16 10h1.5 M4.7 4.700l1 1 M14.3 14.300l1 1 M15.3 4.700l-1 1 M5.7 14.300l-1 1',
  system: 'M2.5 10h3.500l2-5 4 10 2-5h3.5',
  trash: 'M4 6h12 M8 6V4h4v2 M5.5 6l.7 10.500h7.600L14.5 6',
  verifying: 'M10 3l6 2.500v4c0 3.7-2.5 6.3-6 7.5-3.5-1.2-6-3.8-6-7.500v-4z M7.3 9.800l2 2 3.5-3.6',
} as const;

export type IconName = keyof typeof SHAPES;

/** A decorative shape: what it means stands beside it in words. */
export const Icon = ({ name, class: extra = '' }: { readonly name: IconName; readonly class?: string }) => (
  <svg class={`icon ${extra}`} viewBox="0 0 20 20" aria-hidden="true">
    <path d={SHAPES[name]} />
  </svg>
);
