import { stripVTControlCharacters } from 'node:util';
import { cut } from '../../domain/visibleText.ts';

/**
 * Controls, directional overrides, invisible marks and tag characters: they change what a reader sees without
 * being seen. Joiners (U+200C, U+200D) stay, since emoji and some scripts are spelled with them.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

const withoutUnseen = (text: string): string =>
  stripVTControlCharacters(text.toWellFormed()).replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, '');

/**
 * Text of a worker, a command or a caller as plain data: no escape sequences, no control characters but tab
 * and newline, at most `maxCharacters` UTF-16 units (the last one is `…` where something was cut).
 */
export const inertText = (text: string, maxCharacters: number): string =>
  cut(withoutUnseen(text), maxCharacters);

/** The same on one line. */
export const inertLine = (text: string, maxCharacters: number): string =>
  cut(withoutUnseen(text).replaceAll(/\s+/g, ' ').trim(), maxCharacters);
