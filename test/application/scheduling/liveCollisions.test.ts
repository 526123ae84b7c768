import { expect, test } from 'vitest';
import { type Collision, LiveCollisions } from '../../../src/application/scheduling/liveCollisions.ts';
import type { Commit } from '../../../src/domain/ids.ts';
import { taskId } from '../../support/specs.ts';
import { commit, ManualClock, settled } from '../memory.ts';

/** Tasks with the paths that they have changed so far; two that share a path with "!" in it conflict there. */
const bench = () => {
  const clock = new ManualClock();
  const abort = new AbortController();
  const found: Collision[] = [];
  const merges: string[] = [];
  const looks: string[] = [];
  const work = new Map<string, { paths: string[]; snapshot: Commit | undefined }>();
  let asking: Promise<void> = Promise.resolve();
  const named = (wanted: Commit): string =>
    [...work].find(([, { snapshot }]) => snapshot === wanted)?.[0] ?? '';
  const collisions = new LiveCollisions({
    clock,
    signal: abort.signal,
    onCollision: (collision) => found.push(collision),
    conflicts: async (a, b) => {
      merges.push(`${named(a)}+${named(b)}`);
      await asking;
      const theirs = work.get(named(b))?.paths ?? [];
      return (work.get(named(a))?.paths ?? []).filter((path) => path.includes('!') && theirs.includes(path));
    },
  });
  return {
    clock,
    abort,
    found,
    merges,
    looks,
    collisions,
    enter: (id: string, ...paths: string[]) => {
      const entry: { paths: string[]; snapshot: Commit | undefined } = {
        paths,
        snapshot: commit(work.size + 1),
      };
      work.set(id, entry);
      collisions.enter({
        taskId: taskId(id),
        changes: async () => {
          looks.push(id);
          if (entry.paths.includes('gone')) throw new Error('the worktree is going away');
          return entry.paths;
        },
        snapshot: async () => entry.snapshot,
      });
      return entry;
    },
    touch: async (...ids: string[]) => {
      for (const id of ids) collisions.touched(taskId(id));
      await settled();
    },
    gitWaitsFor: (what: Promise<void>) => {
      asking = what;
    },
  };
};

test('two tasks that write what will not merge are told of once, the younger one behind the older', async () => {
  const b = bench();
  b.enter('older', 'x!', 'y');
  b.enter('younger', 'z', 'x!');
  await b.touch('younger', 'older');
  await b.clock.advance(10_000);
  await b.touch('younger', 'older');
  await b.clock.advance(10_000);
  expect(b.found).toEqual([{ older: 'older', younger: 'younger', files: ['x!'] }]);
});

test('git is asked only about pairs that changed the same path', async () => {
  const b = bench();
  b.enter('a', 'x', 'shared');
  b.enter('b', 'y');
  b.enter('c', 'shared');
  await b.touch('a', 'b', 'c');
  await b.clock.advance(2000);
  expect(b.merges).toEqual(['a+c']);
  expect(b.found).toEqual([]);
});

test('nothing is looked at before a tool wrote, nor while a task is alone', async () => {
  const b = bench();
  b.enter('a', 'x!');
  await b.touch('a', 'stranger');
  b.enter('b', 'x!');
  await b.clock.advance(10_000);
  expect(b.looks).toEqual([]);
  await b.touch('b');
  expect(b.found).toHaveLength(1);
});

test('however often tools write, a look is made at most once in 1.5 seconds, and the last write is seen', async () => {
  const b = bench();
  const a = b.enter('a', 'x');
  b.enter('b', 'x!');
  const looks = (): number => b.looks.filter((id) => id === 'a').length;
  await b.touch('a', 'b');
  for (let at = 0; at < 14; at++) {
    await b.touch('a');
    await b.clock.advance(100);
  }
  expect(looks()).toBe(1);
  a.paths = ['x!'];
  await b.touch('a');
  await b.clock.advance(99);
  expect(looks()).toBe(1);
  await b.clock.advance(1);
  expect(looks()).toBe(2);
  expect(b.found).toHaveLength(1);
  expect(b.clock.sleeping).toBe(0);
});

test('a task that ended while git was asked is not held back', async () => {
  for (const ended of ['a', 'b']) {
    const b = bench();
    const git = Promise.withResolvers<void>();
    b.gitWaitsFor(git.promise);
    b.enter('a', 'x!');
    b.enter('b', 'x!');
    await b.touch('a', 'b');
    await b.clock.advance(2000);
    expect(b.merges).toEqual(['a+b']);
    b.collisions.leave(taskId(ended));
    git.resolve();
    await settled();
    expect(b.found).toEqual([]);
  }
});

test('of three that collide in one place each pair is told of, as long as both still run', async () => {
  const b = bench();
  b.enter('a', 'x!');
  b.enter('b', 'x!');
  b.enter('c', 'x!');
  await b.touch('c', 'a', 'b');
  await b.clock.advance(2000);
  expect(b.found.map(({ older, younger }) => `${older}<${younger}`)).toEqual(['a<b', 'a<c']);
});

test('a look that fails costs the warning of that look, not those after it', async () => {
  const b = bench();
  const a = b.enter('a', 'gone');
  b.enter('b', 'x!');
  await b.touch('a');
  expect(b.looks).toEqual(['a']);
  a.paths = ['x!'];
  await b.touch('a', 'b');
  await b.clock.advance(2000);
  expect(b.found).toHaveLength(1);
});

test('a task without a commit of its live work collides with nothing', async () => {
  const b = bench();
  b.enter('a', 'x!').snapshot = undefined;
  b.enter('b', 'x!');
  await b.touch('a', 'b');
  expect([b.merges, b.found]).toEqual([[], []]);
});

test('once the job is closing nothing is looked at any more', async () => {
  const b = bench();
  b.enter('a', 'x');
  b.enter('b', 'x');
  await b.touch('a');
  await b.touch('a');
  b.abort.abort(new Error('closing'));
  await settled();
  await b.clock.advance(10_000);
  expect(b.looks).toEqual(['a']);
});
