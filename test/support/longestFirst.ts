import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What drives the built program and a browser, slowest first. A long file that starts last would be waited for
 * alone; on a fresh clone there are no durations of an earlier run that could tell.
 */
const SLOW = [
  /test\/demo\/run/,
  /test\/e2e\/(approvals|front)/,
  /test\/browser\/accessible/,
  /\.browser\.test/,
  /test\/browser\//,
  /test\/e2e\//,
  /test\/demo\//,
] as const;

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = SLOW.findIndex((kind) => kind.test(moduleId));
  return rank < 0 ? SLOW.length : rank;
};

/** Orders by kind first, then as Vitest does: by what it remembers, or by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
