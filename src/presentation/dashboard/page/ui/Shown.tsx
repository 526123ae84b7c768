import { type ShownPart, shownParts } from './shownText.ts';

/** Text that somebody else wrote, with everything in it that would not be seen, or would turn it around, spelled out. */
export const Shown = ({ text }: { readonly text: string }) => (
  <bdi dir="ltr">
    {shownParts(text).map((part, at) =>
      part.kind === 'plain' ? part.text : <Spelled key={at} part={part} />,
    )}
  </bdi>
);

const Spelled = ({ part }: { readonly part: Exclude<ShownPart, { readonly kind: 'plain' }> }) => {
  if (part.kind === 'newline') {
    return (
      <span class="newline">
        <span aria-hidden="true">⏎</span>
        {'\n'}
      </span>
    );
  }
  return (
    <span class="unseen" title={part.kind === 'unseen' ? part.name : ''}>
      {part.text}
    </span>
  );
};
