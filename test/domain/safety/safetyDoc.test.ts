import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_POLICY, policyOf } from '../../../src/domain/safety/policy/policy.ts';
import { CRITICAL_CODES, policySchema } from '../../../src/domain/safety/policy/schema.ts';
import { TOOL_RULES } from '../../../src/domain/safety/tools.ts';
import { RISKS } from '../../../src/domain/safety/verdict.ts';
import { parsePolicy } from '../../../src/infrastructure/safety/policyFile.ts';
import { reasonCodes } from './reasonCodes.ts';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const doc = read('docs/safety.md');
const rows = [...doc.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | '));

test('docs/safety.md says of each risk what the built-in policy decides', () => {
  for (const risk of RISKS) {
    const row = rows.find(([name]) => name === risk);
    expect([risk, row?.[2]?.split(/[ ,;]/)[0]]).toEqual([risk, DEFAULT_POLICY.levels[risk]]);
  }
});

test('docs/safety.md has a row for every reason code that the sources of the judge give', () => {
  const folder = new URL('../../../src/domain/safety', import.meta.url).pathname;
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const { codes, unread } = reasonCodes(
    new Map(sources.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')])),
  );
  // Of the fence, the tools, the shell, the rules of programs, a default of a parameter, the second opinion.
  for (const code of ['outside-write', 'mcp-destroy', 'unparsable', 'publish', 'system', 'second-opinion'])
    expect(codes).toContain(code);
  // A code that is put together or looked up cannot be found by whoever reads the sources either.
  expect(unread).toEqual([]);
  const listed = rows.flatMap(([first = '']) =>
    [...first.matchAll(/`([A-Za-z-]+)`/g)].map(([, code]) => code),
  );
  expect([...codes, ...CRITICAL_CODES].filter((code) => !listed.includes(code))).toEqual([]);
});

test('docs/safety.md names the tools whose paths are judged', () => {
  for (const [name, rule] of TOOL_RULES)
    if (rule.acts !== 'plain') expect(doc, name).toContain(`\`${name}\``);
});

test('the example of docs/safety.md is a good policy, and every field is in its table', () => {
  const example = /```yaml\n(.*?)```/s.exec(doc)?.[1] ?? '';
  const file = parsePolicy(example, 'example');
  expect(policyOf(file).rules).toHaveLength(3);
  for (const field of Object.keys(policySchema.shape))
    expect(doc).toMatch(new RegExp(`^\\| \`${field}`, 'm'));
});
