import { isSecretName, REDACTED, withoutSecrets } from '../../domain/secretText.ts';

export { isSecretName, REDACTED };

/** Shorter values of secret variables are not looked for: they would hit ordinary words. */
const MIN_KNOWN = 8;

/** @returns the values in `env` that must never be shown, longest first. */
export const secretValues = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  [
    ...new Set(
      Object.entries(env).flatMap(([name, value]) =>
        value !== undefined && isSecretName(name) ? [value] : [],
      ),
    ),
  ]
    .filter((value) => value.length >= MIN_KNOWN)
    .sort((a, b) => b.length - a.length);

/** @returns `text` without secrets: known values first, then everything that looks like one. */
export const redactText = (text: string, known: readonly string[]): string =>
  withoutSecrets(known.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text));
