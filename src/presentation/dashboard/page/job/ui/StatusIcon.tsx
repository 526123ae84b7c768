import { Icon } from '../../ui/Icon.tsx';
import { LOOKS } from '../../ui/states.ts';
import type { TaskStatus } from '../model/words.ts';

/** A task's state by shape and colour; what it means is said in words beside it. */
export const StatusIcon = ({ status }: { readonly status: TaskStatus }) => {
  const { icon, tone } = LOOKS[status];
  return <Icon name={icon} class={`job-icon is-${tone}${icon === 'running' ? ' turning' : ''}`} />;
};
