import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { replaceFile } from '../../../src/infrastructure/process/replaceFile.ts';

const folder = (): string => {
  const made = mkdtempSync(path.join(tmpdir(), 'replace-file-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

test('a file is its owner’s alone, also where the one before was not', async () => {
  const file = path.join(folder(), 'a');
  await replaceFile(file, 'one');
  chmodSync(file, 0o644);
  await replaceFile(file, 'two');
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['two', 0o600]);
});

test('writers at the same time leave one whole text and nothing else', async () => {
  const dir = folder();
  const texts = ['x', 'y', 'z'].map((letter) => letter.repeat(200_000));
  await Promise.all(texts.map((text) => replaceFile(path.join(dir, 'a'), text)));
  expect(texts).toContain(readFileSync(path.join(dir, 'a'), 'utf8'));
  expect(readdirSync(dir)).toEqual(['a']);
});

test('where it cannot be done it throws and leaves no draft', async () => {
  const dir = folder();
  mkdirSync(path.join(dir, 'a'));
  await expect(replaceFile(path.join(dir, 'a'), 'text')).rejects.toHaveProperty('code');
  expect(readdirSync(dir)).toEqual(['a']);
});
