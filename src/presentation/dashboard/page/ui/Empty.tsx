import type { ComponentChildren } from 'preact';

type EmptyProps = {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** It is all of the page: its title is then the page's heading. */
  readonly isPage?: boolean;
};

/** What stands where nothing is: a title that says so, and what one can do. */
export const Empty = ({ title, children, isPage }: EmptyProps) => (
  <div class="empty">
    {isPage ? <h1>{title}</h1> : <p class="empty-title">{title}</p>}
    {children}
  </div>
);
