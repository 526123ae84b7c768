import { cargo } from './formats/cargo.ts';
import { type Findings, MAX_NAMES, type ReportFormat } from './formats/format.ts';
import { goTest } from './formats/goTest.ts';
import { jest } from './formats/jest.ts';
import { junit, parseJUnit } from './formats/junit.ts';
import { nodeSpec } from './formats/nodeSpec.ts';
import { byPattern } from './formats/pattern.ts';
import { pytest } from './formats/pytest.ts';
import { tap } from './formats/tap.ts';
import { vitest } from './formats/vitest.ts';
import { createLineSplitter } from './lines.ts';

const FORMATS: readonly ReportFormat[] = [tap, junit, nodeSpec, vitest, jest, pytest, goTest, cargo];

/** Characters of a name that are kept. */
const MAX_NAME = 500;

export type TestReports = {
  /** The next piece of output, as it came. */
  write(chunk: Uint8Array): void;
  /**
   * @param files texts of report files that the command wrote
   * @param green whether it ended with exit code 0
   * @returns names of failing tests; none where a report says that all passed; undefined where there is no
   * report, or where one without failures stands beside a red exit code: then it does not tell what failed.
   */
  failingTests(files: readonly string[], green: boolean): readonly string[] | undefined;
};

/**
 * Reads a command's whole output as it passes, so that names do not get lost in the cut of a long one. All
 * formats read at once: a command may run several runners.
 * @param roots the command's folder, by all its names: two worktrees must give a test one name.
 */
export const createTestReports = (o: {
  readonly roots: readonly string[];
  readonly pattern?: RegExp | undefined;
}): TestReports => {
  // Who configured a pattern said what counts; the others stand back where it finds something.
  const configured = o.pattern === undefined ? undefined : byPattern(o.pattern).open();
  const readers = FORMATS.map((format) => format.open());
  const lines = createLineSplitter((line) => {
    configured?.line(line);
    for (const reader of readers) reader.line(line);
  });
  const normal = (name: string): string =>
    o.roots
      .reduce((text, root) => text.replaceAll(`${root}/`, ''), name)
      .trim()
      .slice(0, MAX_NAME);

  return {
    write: lines.write,
    failingTests: (files, green) => {
      lines.end();
      const own = configured?.result();
      const all: readonly Findings[] =
        own?.recognised === true
          ? [own]
          : [...readers.map((reader) => reader.result()), ...files.map(parseJUnit)];
      const names = new Set(all.flatMap(({ failing }) => failing.map(normal)));
      if (names.size > 0) return [...names].slice(0, MAX_NAMES);
      return green && all.some(({ recognised }) => recognised) ? [] : undefined;
    },
  };
};
