import { Icon, type IconName } from './Icon.tsx';
import { dismissToast, type ToastEntry, toasts } from './toasts.ts';

const ICONS: Readonly<Record<ToastEntry['tone'], IconName>> = { good: 'check', bad: 'cross', idle: 'info' };

/** Where toasts appear: once a page, always there, so that screen readers watch it. */
export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, tone }) => (
      <div key={id} class="toast">
        <Icon name={ICONS[tone]} />
        <span>{text}</span>
        <button type="button" aria-label="Dismiss" onClick={() => dismissToast(id)}>
          <Icon name="close" />
        </button>
      </div>
    ))}
  </div>
);
