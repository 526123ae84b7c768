/** How far above the click its answer begins, pixels. */
const ABOVE = 24;

/**
 * Remembers where the last click was, for the style: the view is as high as its content, and what is fixed to
 * its middle or its end may be far outside of what the host shows.
 */
export const noteClicks = (page: Document): void =>
  page.addEventListener(
    'click',
    ({ target }) => {
      if (!(target instanceof Element) || target.closest('dialog') !== null) return;
      const top = Math.max(0, target.getBoundingClientRect().top + window.scrollY - ABOVE);
      page.documentElement.style.setProperty('--clicked', `${Math.round(top)}px`);
    },
    { capture: true },
  );
