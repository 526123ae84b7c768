import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { auditable } from '../../../src/application/auditing/auditable.ts';
import { Bounded } from '../../../src/application/auditing/bounded.ts';
import { chained, exportLine, looseRow } from '../../../src/application/auditing/chain.ts';
import { canonicalJson } from '../../../src/application/canonicalJson.ts';
import type { AuditEntry } from '../../../src/domain/audit.ts';

const entry = (detail: AuditEntry['detail']): AuditEntry => ({
  at: 1,
  type: 'call.refused',
  actor: 'server',
  detail,
});
const clean = (detail: AuditEntry['detail']) =>
  auditable(entry(detail), (text) => text.replaceAll('known by value', '[redacted]')).detail;

it('secrets are struck out by form, by name and by value, at any depth', () => {
  const key = `co_${'a'.repeat(43)}`;
  const shown = JSON.stringify(
    clean({
      command: `curl -H 'Authorization: Bearer abcdefghijkl' -d ${key} sk-ant-api03-abcdefghijklmnop`,
      nested: [{ password: 'hunter2', text: 'it is known by value here' }],
      api_key: 'plain',
      credential_id: key.replace('co_', ''),
    }),
  );
  for (const secret of [key, 'abcdefghijkl', 'sk-ant-api03', 'hunter2', 'known by value', 'plain'])
    expect(shown.replace('a'.repeat(43), '')).not.toContain(secret);
});

it('what proves an approval stays as it is, also where random bytes look like a key', () => {
  const signature = `x-sk-${'b'.repeat(60)}`;
  expect(clean({ signature, text: signature })).toEqual({ signature, text: 'x-[redacted]' });
});

it('long text, long lists and depth are cut, and halves of characters made whole', () => {
  const long = clean({ text: `${'x'.repeat(1999)}\u{1f600}${'y'.repeat(9000)}`, list: Array(500).fill(1) });
  expect(String(long.text).length).toBeLessThan(2050);
  expect(String(long.text).isWellFormed()).toBe(true);
  expect(long.list).toHaveLength(100);
  expect(canonicalJson(clean({ a: { b: { c: { d: { e: { f: 'deep' } } } } } }))).not.toContain('deep');
});

it('what a worker asked for is cut at 500 characters once its secrets are out, an input as JSON', () => {
  const secret = `co_${'a'.repeat(43)}`;
  const asked = clean({
    command: `${'x'.repeat(480)} ${secret} ${'y'.repeat(900)}`,
    input: { file_path: '/a', password: 'p"w', content: 'z'.repeat(9000) },
  });
  expect(String(asked.command).length).toBeLessThan(530);
  expect(String(asked.command)).not.toContain('aaa');
  expect(String(asked.input).slice(0, 500)).toContain('"file_path":"/a","password":[redacted],');
  expect(String(asked.input).length).toBeLessThan(530);
});

it('a line of an export without its hash is exactly the text that the hash is of', () => {
  const row = chained(looseRow(entry({ z: 1, a: ['é', '\u2028', { '10': 1, '9': 2 }] })), {
    seq: 7,
    hash: 'f'.repeat(64),
  });
  const line = exportLine(row);
  const text = line.replace(/,"hash":"[0-9a-f]{64}"\}$/, '}');
  expect(createHash('sha256').update(text).digest('hex')).toBe(row.hash);
  const { hash, ...rest } = JSON.parse(line);
  expect(hash).toBe(row.hash);
  expect(canonicalJson(rest)).toBe(text);
});

it('a flood of one kind is told ten times a minute, then with a count, and leaves other kinds alone', () => {
  let now = 0;
  const bounded = new Bounded(() => now);
  const told = Array.from({ length: 1000 }, () => bounded.take('flood')).filter((left) => left !== undefined);
  expect(told).toHaveLength(10);
  expect(bounded.take('other')).toBe(0);
  now = 60_000;
  expect(bounded.take('flood')).toBe(990);
  for (let n = 0; n < 20; n += 1) bounded.take('flood');
  expect([...bounded.rest()]).toEqual([['flood', 11]]);
  expect(bounded.rest().size).toBe(0);
  // Kinds that a stranger can make up take no memory without bound.
  for (let n = 0; n < 5000; n += 1) bounded.take(`kind ${n}`);
  expect(bounded.take('kind 4999')).toBeUndefined();
});
