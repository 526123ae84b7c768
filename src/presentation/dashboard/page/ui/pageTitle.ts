import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** The page's own name; the shell puts the state of all jobs in front of it in `document.title`. */
export const pageName = signal('');

/** Names the page for as long as the component is there. */
export const usePageTitle = (name: string): void => {
  useEffect(() => {
    pageName.value = name;
    return () => {
      // The next page may have named itself already.
      if (pageName.peek() === name) pageName.value = '';
    };
  }, [name]);
};
