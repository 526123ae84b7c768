/** What the scripted model writes; a live model finds its own way. */
export const SOLUTIONS = {
  slug: `export const slugify = (text) =>
  text
    .normalize('NFD')
    .replace(/[\\u0300-\\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
`,
  roman: `const NUMERALS = [
  ['M', 1000], ['CM', 900], ['D', 500], ['CD', 400], ['C', 100], ['XC', 90],
  ['L', 50], ['XL', 40], ['X', 10], ['IX', 9], ['V', 5], ['IV', 4], ['I', 1],
];

export const toRoman = (number) =>
  NUMERALS.reduce(
    ({ rest, text }, [numeral, value]) => ({ rest: rest % value, text: text + numeral.repeat(Math.floor(rest / value)) }),
    { rest: number, text: '' },
  ).text;
`,
  /**
   * Breaks a test that was green before: that is what a verification counts against a task whose base was red
   * already. It catches this, and the worker mends it.
   */
  moneyFirstTry: 'export const format = (cents) => Math.round(cents / 100);\n',
  money: `export const format = (cents) =>
  (cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
`,
  dates: `export const addDays = (isoDate, days) => {
  const date = new Date(\`\${isoDate}T00:00:00Z\`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
};
`,
  wrap: `export const wrap = (text, width) =>
  text.split(/\\s+/).reduce((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) return [...lines.slice(0, -1), \`\${last} \${word}\`];
    return [...lines, word];
  }, []);
`,
  invoice: `import { addDays } from './dates.js';
import { format } from './money.js';

export const invoice = ({ cents, issued, days }) => \`Due \${format(cents)} by \${addDays(issued, days)}\`;
`,
  index: `// Every public function is exported below.
export { slugify } from './slug.js';
export { toRoman } from './roman.js';
`,
} as const;
