import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../src/infrastructure/telemetry/plain.ts';
import { isSecretName, redactText, secretValues } from '../../../src/infrastructure/telemetry/secrets.ts';

// Put together here, so that no scanner takes this file for a leak.
const CANARIES = {
  anthropic: `sk-ant-${'api03-Canary_0123456789'}`,
  openai: `sk-${'CanaryCanaryCanary0123'}`,
  key: `co_${'Canary_0123456789-'.padEnd(43, 'x')}`,
  localToken: `col_${'Canary_0123456789-'.padEnd(43, 'x')}`,
  aws: `AKIA${'CANARY0123456789'}`,
  github: `ghp_${'Canary0123456789Canary'}`,
  slack: `xoxb-${'1234567890-Canary1234'}`,
  google: `AIza${'Canary0123456789Canary0123456789xyz'}`,
  jwt: `eyJ${'hbGciOiJI'}.${'eyJzdWIiOiIx'}.${'CanarySignature'}`,
};

describe('secrets are known by their form', () => {
  test.each(Object.entries(CANARIES))('%s, wherever it stands', (_, secret) => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(redactText(`${before} ${secret} ${after}`, [])).not.toContain(secret);
      }),
    );
  });

  test.each([
    'Authorization: Bearer CANARY-0123456789',
    'curl -H "authorization: basic CANARY0123456789=="',
    'https://user:CANARY@example.org/x',
    'GITHUB_TOKEN=CANARY npm test',
    'export MY_SERVICE_KEY="CANARY with blanks"',
    '{"api_key": "CANARY"}',
    '{"password":"CANARY"}',
    'DB_PASSWORD: CANARY',
    `-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\nCANARY`,
  ])('%s', (text) => {
    expect(redactText(text, [])).not.toContain('CANARY');
  });

  test.each([
    'the task asks for 12 tokens and a keyboard',
    'skipped sk-1, see https://example.org:8080/a@b',
    'input_tokens: 1200, cache=warm',
  ])('ordinary text stays as it is: %s', (text) => {
    expect(redactText(text, [])).toBe(text);
  });
});

test('names of secrets are told from names that only sound like one', () => {
  const secret = [
    'apiKey',
    'api_key',
    'x-api-key',
    'ANTHROPIC_API_KEY',
    'SIGNING_KEY',
    'token',
    'authToken',
    'GH_TOKEN',
    'password',
    'Authorization',
    'Cookie',
    'credentials',
    'clientSecret',
    'private_key',
  ];
  const open = [
    'tokens',
    'inputTokens',
    'tokenCount',
    'key',
    'idempotencyKey',
    'keyboard',
    'monkey',
    'path',
    'secretary',
  ];
  expect(secret.filter((name) => !isSecretName(name))).toEqual([]);
  expect(open.filter(isSecretName)).toEqual([]);
});

test('values of secret variables are struck out even where nothing marks them', () => {
  const known = secretValues({
    MY_TOKEN: 'plain-value-1',
    MY_API_KEY: 'plain-value-1-longer',
    HOME: '/home/someone',
    SHORT_KEY: 'abc',
  });
  expect(known).toEqual(['plain-value-1-longer', 'plain-value-1']);
  expect(redactText('a plain-value-1-longer b plain-value-1 c /home/someone abc', known)).toBe(
    'a [redacted] b [redacted] c /home/someone abc',
  );
});

describe('text is cut', () => {
  test('after redaction, so that no cut leaves a part of a secret behind', () => {
    fc.assert(
      fc.property(fc.integer({ min: 63_900, max: 64_010 }), (length) => {
        const text = plainText(`${' '.repeat(length)}${CANARIES.anthropic}`, [], 100_000);
        expect(text).not.toContain('sk-ant');
      }),
    );
  });

  test('and even hostile text is done with quickly enough for a log', () => {
    for (const part of [
      'A',
      '_KEY',
      'Bearer ',
      '-----BEGIN PRIVATE KEY-----',
      '://a:',
      'eyJaaaaaaaaa.',
      '"token":"',
      ' = ',
    ]) {
      const started = process.cpuUsage();
      plainText(part.repeat(64_000 / part.length), []);
      const { user } = process.cpuUsage(started);
      expect(user, part).toBeLessThan(2_000_000);
    }
  });
});
