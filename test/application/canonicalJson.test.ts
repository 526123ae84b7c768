import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/application/canonicalJson.ts';

test('keys go by their UTF-16 units, as in the example of RFC 8785, 3.2.3', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
  expect(text).toBe(`{${order.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
});

test('keys that look like integers are keys like all others, at any depth', () => {
  expect(canonicalJson({ b: [{ '10': 1, '9': 2, '-1': 3 }], '2': 0, '10': 0 })).toBe(
    '{"10":0,"2":0,"b":[{"-1":3,"10":1,"9":2}]}',
  );
  expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
});

test('what JSON has no form for is as JSON.stringify takes it', () => {
  const value = { a: undefined, b: [undefined, () => 1], c: new Date(0), d: Number.NaN, e: -0, f: 1e21 };
  expect(canonicalJson(value)).toBe(JSON.stringify(value));
  expect(canonicalJson(undefined)).toBe('null');
});
