import { describe, expect, it } from 'vitest';
import {
  firstOf,
  inOrder,
  latestFirst,
  newsOf,
} from '../../../../src/presentation/dashboard/page/data/approvalList.ts';
import { sample } from './support/samples.ts';

describe('the list of approvals', () => {
  it('has the longest waiting first, so that a new one moves no other', () => {
    const rows = [sample(3), sample(1), sample(2)];
    expect(inOrder(rows)).toEqual(
      [sample(1), sample(2), sample(3)].map(({ approval_id }) => expect.objectContaining({ approval_id })),
    );
    expect(latestFirst(rows)[0]?.approval_id).toBe(sample(3).approval_id);
  });

  it('tells those who listen of what is new, and not of what was there or went', () => {
    const [one, two, three] = [sample(1), sample(2), sample(3)];
    expect(newsOf(undefined, [one])).toBeUndefined();
    expect(newsOf([one, two], [two])).toBeUndefined();
    expect(newsOf([one], [one, two])).toBe(
      'A worker asks for approval: risk HIGH, Bash. It deletes files that git tracks.',
    );
    expect(newsOf([], [one, two, three])).toBe('3 new requests for approval. 3 wait for a decision.');
  });

  it('begins with what is dangerous, however the command is padded', () => {
    const padded = sample(1, { command: `${'true; '.repeat(200)}rm -rf src/old` });
    expect(firstOf(padded)).toBe('rm -rf src/old');
    expect(firstOf(sample(1, { reasons: [], command: `${'x'.repeat(300)}\ny` }))).toBe(`${'x'.repeat(140)}…`);
  });
});
