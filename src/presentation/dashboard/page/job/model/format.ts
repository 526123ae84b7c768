import { durationText } from '../../ui/format.ts';

/** Seconds in a person's words. */
export const duration = (seconds: number): string => durationText(seconds * 1000);

/** A mark on a time axis, from seconds: `0:45`, `12:00`, `1:05:00`. */
export const axisTime = (seconds: number): string => {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** Text cut to `most` characters at a word, with an ellipsis; never half of a surrogate pair. */
export const shorten = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const word = cut.lastIndexOf(' ');
  const kept = word > most / 2 ? cut.slice(0, word) : cut;
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
};
