import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestReports } from '../../../src/infrastructure/verify/testReports.ts';

const read = (
  output: string,
  o: { files?: string[]; green?: boolean; pattern?: RegExp; roots?: string[] } = {},
) => {
  const reports = createTestReports({ roots: o.roots ?? [], pattern: o.pattern });
  reports.write(Buffer.from(output));
  return reports.failingTests(o.files ?? [], o.green ?? false);
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-reports-'));
  await writeFile(
    join(folder, 'a.test.mjs'),
    `import { test, describe, it } from 'node:test';
test('good', () => {});
test('bad', () => { throw new Error('x'); });
test('not yet', { todo: true }, () => { throw new Error('x'); });
describe('one', () => {
  it('same', () => { throw new Error('x'); });
  describe('deep', () => { it('<b> & q', () => { throw new Error('x'); }); });
});
describe('two', () => { it('same', () => {}); });
`,
  );
  await writeFile(
    join(folder, 'good.test.mjs'),
    `import { test } from 'node:test';\ntest('good', () => {});\n`,
  );
  await writeFile(
    join(folder, 'v.test.js'),
    `describe('s', () => { it('bad', () => { throw new Error('x'); }); it('ok', () => {}); });\n`,
  );
  await writeFile(join(folder, 'w.test.js'), `import './nosuch.js';\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a real runner; vitest tells the tests below it that they are its own, so its environment stays out. */
const run = async (...args: string[]) => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST|TEST$)/.test(name)),
  );
  const { all } = await execa(process.execPath, args, {
    cwd: folder,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
  return all;
};

describe('real reports of node --test', () => {
  const names = ['bad', 'one > same', 'one > deep > <b> & q', 'one > deep', 'one'];

  it.each(['spec', 'tap'])(
    'by %s tell the failing tests, each with its suites, and none that is only to do',
    async (reporter) => {
      const output = await run('--test', `--test-reporter=${reporter}`, 'a.test.mjs');
      expect([...(read(output) ?? [])].sort()).toEqual([...names].sort());
    },
  );

  it('by junit tell them in the output and in a file alike', async () => {
    const output = await run('--test', '--test-reporter=junit', 'a.test.mjs');
    expect(read('', { files: [output] })).toEqual(['test > bad', 'one > same', 'one.deep > <b> & q']);
    expect(read(`> npm test\n${output}\nnpm error\n`)).toEqual(read('', { files: [output] }));
  });

  it.each(['spec', 'tap', 'junit'])(
    'by %s without a failure are an empty list where green, and tell nothing where red',
    async (reporter) => {
      const output = await run('--test', `--test-reporter=${reporter}`, 'good.test.mjs');
      expect(read(output, { green: true })).toEqual([]);
      expect(read(output, { green: false })).toBeUndefined();
    },
  );
});

describe('a real report of vitest', () => {
  it('tells failing tests, and files that could not be loaded', async () => {
    const cli = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
    const output = await run(cli, 'run', '--globals', '--root', folder, 'v.test.js', 'w.test.js');
    expect([...(read(output) ?? [])].sort()).toEqual(['v.test.js > s > bad', 'w.test.js']);
  });
});

describe('reports as other runners print them', () => {
  it('pytest', () => {
    const output = [
      'test_a.py:5: AssertionError',
      '=========================== short test summary info ============================',
      'FAILED tests/test_a.py::TestA::test_bad - assert 1 == 2',
      "FAILED tests/test_a.py::test_par[a - b] - AssertionError: assert 'a - b' == 'zz'",
      'ERROR tests/test_a.py::test_err - RuntimeError: no',
      'ERROR tests/test_b.py',
      '===================== 2 failed, 1 passed, 2 errors in 4.69s =====================',
    ].join('\n');
    expect(read(output)).toEqual([
      'tests/test_a.py::TestA::test_bad',
      'tests/test_a.py::test_par[a - b]',
      'tests/test_a.py::test_err',
      'tests/test_b.py',
    ]);
    expect(read('1 passed, 4 deselected in 2.23s\n', { green: true })).toEqual([]);
    expect(
      read('======================= 1 passed in 3.00s ========================\n', { green: true }),
    ).toEqual([]);
  });

  it('go test', () => {
    const output = [
      '=== RUN   TestSum',
      '--- FAIL: TestSum (0.00s)',
      '    --- FAIL: TestSum/negative (0.00s)',
      '        sum_test.go:9: got 1',
      'FAIL',
      'FAIL\texample.com/a\t0.003s',
      'ok  \texample.com/b\t0.002s',
      'FAIL\texample.com/c [build failed]',
      'FAIL',
    ].join('\n');
    expect(read(output)).toEqual([
      'example.com/a.TestSum',
      'example.com/a.TestSum/negative',
      'example.com/c [build failed]',
    ]);
    expect(read('ok  \texample.com/b\t0.002s\n', { green: true })).toEqual([]);
  });

  it('cargo test, whose names do not change with the place of the build or of a line', () => {
    const output = (hash: string, line: number): string =>
      [
        `     Running unittests src/lib.rs (target/debug/deps/foo-${hash})`,
        'test tests::ok ... ok',
        'test tests::bad ... FAILED',
        'test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.26s',
        '   Doc-tests foo',
        `test src/lib.rs - f (line ${line}) ... FAILED`,
      ].join('\n');
    expect(read(output('28a01a7770d7ff1d', 1))).toEqual(['foo > tests::bad', 'foo > src/lib.rs - f']);
    expect(read(output('0123456789abcdef', 9))).toEqual(read(output('28a01a7770d7ff1d', 1)));
  });

  it('jest', () => {
    const output = [
      'PASS src/good.test.js',
      'FAIL src/a.test.js (5.1 s)',
      '  suite',
      '    ✕ adds (3 ms)',
      '  ● suite › adds',
      '  ● Console',
      'FAIL src/b.test.js',
      '  ● Test suite failed to run',
      'Tests:       1 failed, 2 passed, 3 total',
    ].join('\n');
    expect(read(output)).toEqual([
      'src/a.test.js > suite › adds',
      'src/b.test.js > Test suite failed to run',
    ]);
    expect(read('Tests:       3 passed, 3 total\n', { green: true })).toEqual([]);
  });

  it('JUnit of a class hierarchy, errors included, skipped ones not', () => {
    const xml = `<?xml version="1.0"?><testsuite name="com.example.ATest">
      <testcase classname="com.example.ATest" name="fails"><failure message="m">at x</failure></testcase>
      <testcase classname="com.example.ATest" name="breaks"><error/></testcase>
      <testcase classname="com.example.ATest" name="skipped"><skipped/></testcase>
      <testcase classname="com.example.ATest" name="passes"/></testsuite>`;
    expect(read('', { files: [xml] })).toEqual(['com.example.ATest > fails', 'com.example.ATest > breaks']);
  });
});

describe('reading reports', () => {
  it('gives a test one name in every worktree', () => {
    const output = (root: string): string => `TAP version 13\nnot ok 1 - ${root}/test/a.test.js\n1..1\n`;
    expect(read(output('/trees/one'), { roots: ['/trees/one'] })).toEqual(['test/a.test.js']);
    expect(read(output('/trees/two'), { roots: ['/trees/two'] })).toEqual(['test/a.test.js']);
  });

  it('takes colours for nothing', () => {
    expect(read('\u001b[41m FAIL \u001b[49m a.test.js\u001b[2m > \u001b[22mbad\r\n')).toEqual([
      'a.test.js > bad',
    ]);
  });

  it('reads all runners of one command together', () => {
    expect(
      read('TAP version 13\nnot ok 1 - a\n1..1\nFAILED t.py::b - x\nTAP version 13\nnot ok 1 - c\n1..1\n'),
    ).toEqual(['a', 'c', 't.py::b']);
  });

  it('lets a configured pattern decide, by its group or its whole match', () => {
    const output = 'BROKEN: one\nok\nBROKEN: two\nFAILED t.py::b - x\n';
    expect(read(output, { pattern: /^BROKEN: (?<name>.+)$/g })).toEqual(['one', 'two']);
    expect(read(output, { pattern: /^BROKEN: (.+)$/ })).toEqual(['one', 'two']);
    expect(read(output, { pattern: /BROKEN: \w+/ })).toEqual(['BROKEN: one', 'BROKEN: two']);
    expect(read(output, { pattern: /^NEVER/ })).toEqual(['t.py::b']);
  });

  it.each([
    'a.ts(3,5): error TS2322: Type is wrong.\nFound 1 error.\n',
    '✖ 3 problems (2 errors, 1 warning)\n',
    'make: *** [Makefile:3: all] Error 1\n',
    '<html><body>not junit</body></html>\n',
    '<testsuites><testcase name="open">\n',
    '',
  ])('claims nothing of what is not a report: %j', (output) => {
    expect(read(output)).toBeUndefined();
    expect(read(output, { green: true })).toBeUndefined();
  });

  it('refuses XML that declares entities', () => {
    const xml =
      '<!DOCTYPE t [<!ENTITY a "aaaa">]><testsuite><testcase name="&a;"><failure/></testcase></testsuite>';
    expect(read('', { files: [xml] })).toBeUndefined();
    const printed =
      '<testsuite><testcase name="a"><failure><![CDATA[<!DOCTYPE html>]]></failure></testcase></testsuite>';
    expect(read('', { files: [printed] })).toEqual(['a']);
  });

  it('reads the same however the output is cut into pieces, and fails on no bytes at all', () => {
    const output = Buffer.from('TAP version 13\nnot ok 1 - süß 🙂\n1..1\nFAILED t.py::b - x\n');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: output.length }),
        fc.uint8Array({ maxLength: 300 }),
        (size, noise) => {
          const reports = createTestReports({ roots: [] });
          for (let at = 0; at < output.length; at += size) reports.write(output.subarray(at, at + size));
          reports.write(Buffer.concat([noise, Buffer.from('\n')]));
          expect(reports.failingTests([], false)).toEqual(expect.arrayContaining(['süß 🙂', 't.py::b']));
        },
      ),
    );
  });
});
