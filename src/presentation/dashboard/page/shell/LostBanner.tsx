import { useEffect, useState } from 'preact/hooks';
import { connection } from '../data/jobs.ts';
import { Icon } from '../ui/Icon.tsx';

/** A break that heals at once is not worth a word. */
const GRACE_MS = 1200;

/** Says that what is shown may be old, until the connection is back. */
export const LostBanner = () => {
  const isLost = connection.value === 'lost';
  const [isShown, show] = useState(false);
  useEffect(() => {
    if (!isLost) {
      show(false);
      return;
    }
    const timer = setTimeout(() => show(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div role="status">
      {isShown ? (
        <p class="lost-banner">
          <Icon name="attention" />
          Connection lost, reconnecting. What you see may be old; jobs go on without this page.
        </p>
      ) : null}
    </div>
  );
};
