/** Time and money as people read them. */

/** `7s`, `1m 05s`, `2h 03m`. @param seconds 0 or more; less counts as 0. */
export const durationText = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor(whole / 60) % 60)}m`;
};

/** `$0.42`; below a cent `<$0.01`. */
export const moneyText = (usd: number): string => {
  if (usd <= 0) return '$0.00';
  return usd < 0.01 ? '<$0.01' : `$${usd.toFixed(2)}`;
};

/** Seconds from one ISO time to another, or to `now` (milliseconds since the epoch). */
export const secondsBetween = (from: string, to: string | undefined, now: number): number =>
  Math.max(0, ((to === undefined ? now : Date.parse(to)) - Date.parse(from)) / 1000);
