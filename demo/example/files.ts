/** The example repository as it is found: a small shop library whose modules are wrong or empty. */
export const FILES: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'small-shop', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md':
    '# small-shop\n\nA few functions that a shop needs. `npm test` runs the tests.\n\n`src/legacy.js` has the old prices.\n',
  'src/index.js': '// Every public function is exported below.\n',
  'src/slug.js': 'export const slugify = (text) => text;\n',
  'src/roman.js': "export const toRoman = () => '';\n",
  'src/money.js': 'export const format = (cents) => String(cents);\n',
  'src/dates.js': 'export const addDays = (isoDate, days) => isoDate;\n',
  'src/wrap.js': 'export const wrap = (text) => [text];\n',
  'src/legacy.js': 'export const oldPrices = { tea: 250, cake: 400 };\n',
  'src/invoice.js': "export const invoice = () => '';\n",
  'test/readme.test.js': `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the README does not send anybody to the old prices', () =>
  assert.doesNotMatch(readFileSync(new URL('../README.md', import.meta.url), 'utf8'), /legacy/));
`,
  'test/slug.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as shop from '../src/index.js';

test('a title becomes a slug', () => assert.equal(shop.slugify('  Crème Brûlée, 2nd  edition! '), 'creme-brulee-2nd-edition'));
test('nothing stays nothing', () => assert.equal(shop.slugify(' -- '), ''));
`,
  'test/roman.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as shop from '../src/index.js';

test('numbers become Roman numerals', () => assert.deepEqual([4, 9, 1994, 3999].map(shop.toRoman), ['IV', 'IX', 'MCMXCIV', 'MMMCMXCIX']));
`,
  'test/money.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/money.js';

test('cents become an amount', () => assert.equal(format(123456), '1,234.56'));
test('a debt keeps its sign', () => assert.equal(format(-5), '-0.05'));
test('an amount is text', () => assert.equal(typeof format(100), 'string'));
`,
  'test/dates.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays } from '../src/dates.js';

test('days are added over the end of a month', () => assert.equal(addDays('2028-02-28', 2), '2028-03-01'));
`,
  'test/wrap.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrap } from '../src/wrap.js';

test('lines break between words', () => assert.deepEqual(wrap('the quick brown fox', 10), ['the quick', 'brown fox']));
test('a long word stands alone', () => assert.deepEqual(wrap('a incomprehensible b', 5), ['a', 'incomprehensible', 'b']));
`,
  'test/invoice.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invoice } from '../src/invoice.js';

test('an invoice says how much is due, and when', () =>
  assert.equal(invoice({ cents: 199900, issued: '2027-12-20', days: 14 }), 'Due 1,999.00 by 2028-01-03'));
`,
};
