import { useLocation } from 'preact-iso';
import { maySubmit } from '../data/session.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { helpIsOpen } from './Help.tsx';
import { PLACES, type Place } from './navigation.ts';
import { nextTheme, type Theme, theme, themeNow } from './theme.ts';

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: 'screen', light: 'sun', dark: 'moon' };
const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: 'as the system',
  light: 'light',
  dark: 'dark',
};

/** The bar on top; on a narrow screen its places stand at the bottom, where a thumb reaches them. */
export const Bar = () => {
  const { path } = useLocation();
  return (
    <header class="bar">
      <a class="brand" href="/" aria-label="Claude Orchestrator, overview">
        <svg viewBox="0 0 20 20" class="icon brand-mark" aria-hidden="true">
          <path d="M3 10h3.5 M13.5 4H17 M13.5 10H17 M13.5 16H17 M6.5 10c4 0 3-6 7-6 M6.5 10h7 M6.5 10c4 0 3 6 7 6" />
        </svg>
        <span>Orchestrator</span>
      </a>
      <nav class="places" aria-label="Main">
        {PLACES.filter((place) => place.isShown?.() ?? true).map((place) => (
          <PlaceLink key={place.path} place={place} path={path} />
        ))}
      </nav>
      <div class="bar-actions">
        <button
          type="button"
          class="button plain small"
          title={`Colours: ${THEME_WORDS[themeNow()]}`}
          aria-label={`Colours: ${THEME_WORDS[themeNow()]}. Change to ${THEME_WORDS[nextTheme()]}.`}
          onClick={() => {
            theme.value = nextTheme();
          }}
        >
          <Icon name={THEME_ICONS[themeNow()]} />
        </button>
        <button
          type="button"
          class="button plain small help-button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => {
            helpIsOpen.value = true;
          }}
        >
          ?
        </button>
        {maySubmit.value && path !== '/new' ? (
          <a class="button primary small" href="/new">
            <Icon name="plus" />
            New job
          </a>
        ) : null}
      </div>
    </header>
  );
};

const PlaceLink = ({ place, path }: { readonly place: Place; readonly path: string }) => {
  const { path: to, word, icon, isWideOnly } = place;
  const badge = place.badge?.();
  // A page under a place belongs to it; the overview is above all of them.
  const isHere = path === to || (to !== '/' && path.startsWith(`${to}/`));
  return (
    <a
      href={to}
      class={isWideOnly ? 'place is-wide-only' : 'place'}
      {...(isHere ? { 'aria-current': 'page' as const } : {})}
    >
      <Icon name={icon} />
      <span>{word}</span>
      {badge === undefined ? null : (
        <span class="place-count">
          {badge.text}
          <span class="hidden-words"> {badge.words}</span>
        </span>
      )}
    </a>
  );
};
