/** `4s`, `3m 07s`, `2h 05m`, `3d 4h`. @param milliseconds below zero counts as zero. */
export const durationText = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
  return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3600)}h`;
};

/** The same in ISO 8601, for `<time datetime>`. */
export const isoDuration = (milliseconds: number): string =>
  `PT${Math.max(0, Math.floor(milliseconds / 1000))}S`;

/** `$0.00`, `$0.0042`, `$12.30`: small amounts keep the digits that tell them from nothing. */
export const moneyText = (usd: number): string => {
  const digits = usd > 0 && usd < 0.01 ? 4 : 2;
  return `${usd < 0 ? '-' : ''}$${Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
};

/** `now`, `5 min ago`, `3 h ago`, else the day. @param now both in milliseconds. */
export const agoText = (then: number, now: number): string => {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const day = new Date(then);
  const year = day.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
};

/** `412 MB`, `3.1 GB`. */
export const bytesText = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;

/** The last part of a path, which is what people call the folder. */
export const folderName = (path: string): string =>
  path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

/** `1 job`, `3 jobs`. */
export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
