import { effect } from '@preact/signals';
import attention from '../assets/attention.svg';
import failed from '../assets/failed.svg';
import idle from '../assets/idle.svg';
import lost from '../assets/lost.svg';
import running from '../assets/running.svg';
import { connection, counts } from '../data/jobs.ts';
import { pageName } from '../ui/pageTitle.ts';
import { type Mark, markOf, titleText } from './headline.ts';

/** Files, not `data:` addresses: those would need a hole in the content security policy. */
const MARKS: Readonly<Record<Mark, string>> = { attention, failed, idle, lost, running };

/** Keeps the tab's title and icon at the state of all jobs. @returns how to stop. */
export const showStateInTab = (): (() => void) =>
  effect(() => {
    const isLost = connection.value === 'lost';
    document.title = titleText(counts.value, pageName.value, isLost);
    const icon = document.querySelector('link[rel="icon"]');
    const href = MARKS[markOf(counts.value, isLost)];
    if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  });
