import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';
import type { Tone } from './states.ts';

const ICONS: Readonly<Record<Tone, IconName>> = {
  go: 'info',
  good: 'check',
  bad: 'cross',
  warn: 'attention',
  idle: 'info',
};

type NoteProps = {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ComponentChildren;
  /** `alert` where it answers something that was just done. */
  readonly role?: 'alert' | 'status';
};

/** A remark in a box: title, words, perhaps an action. */
export const Note = ({ tone, title, children, role }: NoteProps) => (
  <div class={`note tone-${tone}`} {...(role === undefined ? {} : { role })}>
    <Icon name={ICONS[tone]} />
    <div class="note-body">
      {title === undefined ? null : <p class="note-title">{title}</p>}
      {children}
    </div>
  </div>
);
