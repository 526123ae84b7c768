import fc from 'fast-check';

/** JSON with comments as people write it: any indentation, line ends, comments, trailing commas, a mark in front. */

type Style = { readonly eol: string; readonly unit: string; readonly lines: boolean };
type Noise = { readonly comment: string; readonly lead: boolean; readonly trail: boolean };

const key = fc.stringMatching(/^[a-zA-Z_"\\ü/*{}-]{1,8}$/).filter((text) => text !== 'claude-orchestrator');
const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 12 }));
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 3 }),
  ),
})).any;

const comment = fc.constantFrom('', ' // "x": 1', ' /* { , } */', ' // ümlaut', ' /* a\n b */', ' //');
const noise = fc.record({ comment, lead: fc.boolean(), trail: fc.boolean() });
const style = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  unit: fc.constantFrom('  ', '\t', '    '),
  lines: fc.boolean(),
});

const write = (node: unknown, s: Style, n: readonly Noise[], depth: number): string => {
  if (typeof node !== 'object' || node === null) return JSON.stringify(node);
  const list = Array.isArray(node);
  const items = list
    ? node.map((item) => write(item, s, n, depth + 1))
    : Object.entries(node).map(([name, item]) => `${JSON.stringify(name)}: ${write(item, s, n, depth + 1)}`);
  const here = n[(depth + items.length) % n.length] ?? { comment: '', lead: false, trail: false };
  // Without lines a line comment would swallow the rest.
  const remark = s.lines
    ? here.comment.replaceAll('\n', s.eol)
    : here.comment.includes('//')
      ? ''
      : here.comment;
  const pad = s.lines ? s.eol + s.unit.repeat(depth + 1) : '';
  const end = s.lines ? s.eol + s.unit.repeat(depth) : here.lead ? ' ' : '';
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  const trailing = here.trail && items.length > 0 ? ',' : '';
  const inner = items.map((item) => pad + item).join(`,${here.lead ? remark : ''}`);
  const empty = items.length === 0 && !here.lead && remark === '';
  return open + (here.lead ? remark : '') + inner + trailing + remark + (empty ? '' : end) + close;
};

/** A document whose root may hold servers, and its text. */
export const jsonDocument = (container: string): fc.Arbitrary<string> =>
  fc
    .record({
      root: fc.dictionary(key, value, { maxKeys: 4 }),
      servers: fc.option(fc.dictionary(key, value, { maxKeys: 3 }), { nil: undefined }),
      first: fc.boolean(),
      style,
      noise: fc.array(noise, { minLength: 1, maxLength: 4 }),
      mark: fc.constantFrom('', '\uFEFF'),
      around: fc.constantFrom(['', ''], ['', '\n'], ['// top\n', '\n\n'], ['', '\r\n'], [' ', ' // end']),
    })
    .map(({ root, servers, first, style: s, noise: n, mark, around: [before = '', after = ''] }) => {
      const { [container]: _unused, ...rest } = root;
      const part = servers === undefined ? {} : { [container]: servers };
      const whole = first ? { ...part, ...rest } : { ...rest, ...part };
      return mark + before + write(whole, s, n, 0) + after;
    });

const bare = fc.stringMatching(/^[a-z]{1,6}$/);
const quoted = fc.constantFrom('"a.b"', '"ü"', "'c d'");
const tomlScalar = fc.constantFrom(
  '1',
  '1.0',
  'true',
  '"x # no comment"',
  "'''\nmany\n[lines]\n'''",
  '[ 1, 2, ] # c',
  '2024-01-01T00:00:00Z',
  '{ a = 1 }',
  '0xff',
);

/** TOML by lines: keys, tables, arrays of tables, comments; a table of servers in each of its forms. */
export const tomlDocument = (container: string): fc.Arbitrary<string> =>
  fc
    .record({
      keys: fc.uniqueArray(fc.tuple(fc.oneof(bare, quoted), tomlScalar), {
        selector: ([name]) => name,
        maxLength: 4,
      }),
      servers: fc.constantFrom(
        [],
        [`[${container}]`],
        [`[${container}.other]`, 'command = "y" # c', ''],
        [`[${container}.other]`, '  command = "y"', `  [${container}.other.env]`, '  A = "1"'],
        [`[ ${container} . "ot.her" ]`, 'command = "y"'],
      ),
      tables: fc.uniqueArray(fc.tuple(bare, tomlScalar), { selector: ([name]) => name, maxLength: 3 }),
      rows: fc.boolean(),
      comment: fc.constantFrom('', '# only a comment', '  # [not.a.table]'),
      eol: fc.constantFrom('\n', '\r\n'),
      end: fc.constantFrom('', '\n', '\n\n\n'),
      mark: fc.constantFrom('', '\uFEFF'),
    })
    .map(({ keys, servers, tables, rows, comment: remark, eol, end, mark }) => {
      const lines = [
        remark,
        ...keys.map(([name, text]) => `${name} = ${text}`),
        ...tables.flatMap(([name, text]) => ['', `[t_${name}]`, remark, `k = ${text}`]),
        ...(rows ? ['[[rows]]', 'a = 1', '[[rows]]', 'a = 2'] : []),
        ...servers,
      ];
      return mark + (lines.join('\n') + end).replaceAll('\n', eol);
    });
