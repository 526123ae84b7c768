/** What stands where a secret was. */
export const REDACTED = '[redacted]';

const SECRET_WORDS = /^(token|secret|password|passwd|passphrase|authorization|cookie|credentials?|apikey)$/;
const KEY_WORDS = /^(api|access|private|secret|signing|encryption|auth)$/;

/**
 * True where a field of this name holds a secret: `apiKey`, `x-api-key`, `GITHUB_TOKEN`, `password`. The last
 * word decides, so that `tokens`, `tokenCount` and `idempotencyKey` stay readable.
 */
export const isSecretName = (name: string): boolean => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1)?.toLowerCase() ?? '';
  if (SECRET_WORDS.test(last)) return true;
  // An environment name that ends in _KEY is a secret by custom; elsewhere a key is mostly a name.
  return (
    last === 'key' && (/^[A-Z0-9_]+_KEY$/.test(name) || KEY_WORDS.test(words.at(-2)?.toLowerCase() ?? ''))
  );
};

// Repeats are bounded or run over one class only, so that no text makes them slow.
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, REDACTED],
  [/\bcol?_[A-Za-z0-9_-]{43}/g, REDACTED],
  [/\bsk-[A-Za-z0-9_-]{12,}/g, REDACTED],
  [/\b(Bearer|Basic)\s{1,4}[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\b(?:gh[oprsu]_|github_pat_|glpat-|npm_|xox[abeprs]-)[A-Za-z0-9_-]{16,}/g, REDACTED],
  [/\bAIza[0-9A-Za-z_-]{30,}/g, REDACTED],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REDACTED],
  [/(:\/\/[^\s/:@]{0,100}):[^\s/@]{1,500}@/g, `$1:${REDACTED}@`],
  [
    /(?<![A-Za-z0-9_])([A-Za-z0-9_]{0,64}(?:_TOKEN|_KEY|_SECRET|_PASSWORD)["']?\s{0,3}[=:]\s{0,3})("[^"]*"?|'[^']*'?|[^\s,;&"']+)/gi,
    `$1${REDACTED}`,
  ],
  [
    /(["']?\b(?:token|secret|password|passwd|passphrase|authorization|api[-_]?key|access[-_]?key|x-api-key)["']?\s{0,3}[=:]\s{0,3})("[^"]*"?|'[^']*'?|[^\s,;&"'[]+)/gi,
    `$1${REDACTED}`,
  ],
];

/** @returns `text` with `[redacted]` in the place of everything that looks like a secret. */
export const withoutSecrets = (text: string): string =>
  PATTERNS.reduce((clean, [pattern, put]) => clean.replace(pattern, put), text);
