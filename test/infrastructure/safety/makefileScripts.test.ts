import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

test('a line that only make can read says nothing, the others still do', async () => {
  expect(await recipe(PLAIN, 'deep')).toBe('ls');
});

test('an unknown target, a missing file, and one with conditions or other files are unknown', async () => {
  expect(await recipe(PLAIN, 'nothing')).toBeUndefined();
  expect(await packageScript(`make:${path.join(root, 'none')}:all`)).toBeUndefined();
  expect(await recipe('include x.mk\nall:\n\trm x\n', 'all')).toBeUndefined();
  expect(await recipe('ifdef A\nall:\n\trm x\nendif\n', 'all')).toBeUndefined();
});

test('the file is the one that make takes, and a variable said twice is unknown', async () => {
  const made = folder('all:\n\techo two\n');
  writeFileSync(path.join(made, 'GNUmakefile'), 'A = x\nA = y\nall:\n\techo one\n\techo $(A)\n');
  expect(await packageScript(`make:${made}:all`)).toBe('echo one');
});
