import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageScript } from '../../../src/infrastructure/safety/packageScripts.ts';

const root = mkdtempSync(path.join(tmpdir(), 'makefile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const folder = (makefile: string, name = 'Makefile'): string => {
  const made = mkdtempSync(path.join(root, 'm:'));
  writeFileSync(path.join(made, name), makefile);
  return made;
};
const recipe = (makefile: string, target: string): Promise<string | undefined> =>
  packageScript(`make:${folder(makefile)}:${target}`);

const PLAIN = `OUT := dist
DEEP = $(OUT)/x
.PHONY: all clean
# all: not this
all: build ; @echo done
build:
\t@mkdir -p $(OUT)
\t-cp a \${OUT} # copy
clean: build
\trm -rf $(OUT)
\tfor f in a; do echo $$f; \\
\tdone
deep:
\trm -rf $(DEEP)
\techo $(shell date)
\tls
`;

test('a target runs its recipe and those that it needs, without @ and -, variables written out', async () => {
  expect(await recipe(PLAIN, 'build')).toBe('mkdir -p dist\ncp a dist # copy');
  expect(await recipe(PLAIN, 'clean')).toBe(
    'mkdir -p dist\ncp a dist # copy\nrm -rf dist\nfor f in a; do echo $f;  done',
  );
  expect(await recipe(PLAIN, '')).toBe('mkdir -p dist\ncp a dist # copy\necho done');
});

test('a line that only make can read says nothing, the others and what it runs itself still do', async () => {
  const text = 'deep:\n\trm -rf $(wildcard *.o)\n\techo $(shell date)\n\tls\n';
  expect(await recipe(text, 'deep')).toBe('date\nls');
  expect(await recipe(PLAIN, 'deep')).toBe('rm -rf dist/x\ndate\nls');
});

test('an unknown target, a missing file, and one whose lines are for no shell are unknown', async () => {
  expect(await recipe(PLAIN, 'nothing')).toBeUndefined();
  expect(await packageScript(`make:${path.join(root, 'none')}:all`)).toBeUndefined();
  expect(await recipe('SHELL = /usr/bin/python3\nall:\n\trm x\n', 'all')).toBeUndefined();
  expect(await recipe('.RECIPEPREFIX = >\nall:\n>rm x\n', 'all')).toBeUndefined();
});

test('all branches of a condition count, files that are taken in, and every value of a variable', async () => {
  expect(await recipe('ifdef A\nall:\n\trm x\nelse\nall:\n\trm y\nendif\n', 'all')).toBe('rm x\nrm y');
  expect(await recipe('ifeq ($(A),b)\nD = src\nendif\nD = dist\nall:\n\trm -r $(D)\n', 'all')).toBe(
    'rm -r src\nrm -r dist',
  );
  const made = folder('-include x.mk more/*.mk none.mk\nall: inner\n');
  mkdirSync(path.join(made, 'more'));
  writeFileSync(path.join(made, 'x.mk'), 'D = src\n');
  writeFileSync(path.join(made, 'more/y.mk'), 'inner:\n\trm -r $(D)\n');
  expect(await packageScript(`make:${made}:all`)).toBe('rm -r src');
});

test('what runs as a makefile is read runs for every target', async () => {
  const text = 'A := $(shell rm a | tr x $$y)\nB != rm b\nall:\n\techo one\nother:\n\techo two\n';
  expect(await recipe(text, 'other')).toBe('rm a | tr x $y\nrm b\necho two');
});

test('variables within variables, of make itself, of a target, and of many lines are filled in', async () => {
  const text = [
    'D = $(E)',
    'E = src',
    'define many',
    'rm $(E)/1',
    '@rm $(E)/2',
    'endef',
    'all: F = own',
    'all: a b',
    '\t$(RM) $(D) $@ $<',
    '\trm $(F) $(HOME)/x',
    '\t$(call many,a)',
    '\t$(TOOL) x',
  ].join('\n');
  expect(await recipe(text, 'all')).toBe(`rm -f src all a\nrm own $\{HOME}/x\nrm src/1\nrm src/2\nenv  x`);
});

test('the file is the one that make takes', async () => {
  const made = folder('all:\n\techo two\n');
  writeFileSync(path.join(made, 'GNUmakefile'), 'all:\n\techo one\n');
  expect(await packageScript(`make:${made}:all`)).toBe('echo one');
});

test('patterns and targets by variables are found, and what nobody could read to its end is refused', async () => {
  const text = 'ALL = one two\n$(ALL): a.y\n\techo $@\nclean-%:\n\trm -rf $*\n%.x:\n\techo x\n';
  expect(await recipe(text, 'clean-src')).toBe('rm -rf src');
  expect(await recipe(text, 'two')).toBe('echo two');
  const names = Array.from({ length: 40 }, (_, at) => `A${at}`);
  const many = names.flatMap((name, at) => [`${name} = $(A${at + 1})1`, `${name} = $(A${at + 1})2`]);
  const start = performance.now();
  const found = await recipe(`${many.join('\n')}\nall:\n\techo $(A0) $(A0)\n`, 'all');
  expect(found).toContain('unknown_to_the_judge');
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a long line costs no more than its length', async () => {
  const start = performance.now();
  for (const text of [
    `a${' '.repeat(400_000)}x`,
    `${'$'.repeat(400_000)}x$(shell ls)`,
    `all: ${'{{'.repeat(200_000)}`,
  ])
    for (const [kind, name] of [
      ['make', 'Makefile'],
      ['just', 'justfile'],
      ['task', 'Taskfile.yml'],
    ])
      await packageScript(`${kind}:${folder(text, name)}:all`);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a variable that holds itself, or is added to, has all of its words', async () => {
  const text = 'D := a\nD := $(D) b\nE = c\nE += $(D) src\nall:\n\trm -r $(E)\n\trm $(D)\n';
  expect(await recipe(text, 'all')).toBe('rm -r c a src\nrm -r c a b src\nrm a\nrm a b');
});
