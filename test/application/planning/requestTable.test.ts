import { describe, expect, test } from 'vitest';
import { complexityOf } from '../../../src/application/planning/complexity.ts';
import { listPlan } from '../../../src/application/planning/listPlan.ts';
import { inferPriority } from '../../../src/application/planning/priority.ts';
import { ownWords } from '../../../src/application/planning/sharedContext.ts';

type Row = {
  readonly name: string;
  readonly request: string;
  /** For each task the places (from 1) of those it waits for; 'whole' where the request has no parts. */
  readonly waits: readonly (readonly number[])[] | 'whole';
};

/** Places from 1, so that a row reads like the list in it. */
const waitsOf = (request: string): Row['waits'] => {
  const tasks = listPlan(request, 'normal')?.plan.tasks;
  if (tasks === undefined) return 'whole';
  const place = new Map(tasks.map((task, at) => [task.id, at + 1]));
  return tasks.map((task) => task.dependsOn.map((id) => place.get(id) ?? 0));
};

const ROWS: readonly Row[] = [
  { name: 'create X, then use X, as a numbered list', request: '1. Create X\n2. Use X', waits: [[], [1]] },
  {
    name: 'create X, then use X, as a bulleted list',
    request:
      '- Create `parseDate` in src/date.ts\n- Use parseDate() in src/app.ts\n- Fix the typo in README.md',
    waits: [[], [1], []],
  },
  {
    name: 'create X, then use X, although the request calls its items independent',
    request:
      'These are independent:\n1. Create src/money.ts\n2. Import src/money.ts in the cart\n3. Fix the footer',
    waits: [[], [1], []],
  },
  { name: 'create X, then use X, as a sentence', request: 'First create X, then use X.', waits: [[], [1]] },
  {
    name: 'a numbered list is a sequence',
    request: 'Please:\n1) Fix login\n2) Fix logout\n3) Bump the version',
    waits: [[], [1], [2]],
  },
  {
    name: 'steps are a sequence',
    request: 'Step 1: Add the table\nStep 2: Backfill it\nStep 3: Switch reads over',
    waits: [[], [1], [2]],
  },
  {
    name: 'numbered headings are sections with all that stands in them',
    request:
      '# Plan\n\n## 1. Backend\n\n- add a route\n- add a model\n\nMind the auth.\n\n## 2. Frontend\n\n- add a page\n',
    waits: [[], [1]],
  },
  {
    name: 'bullets are parallel',
    request: '- Add dark mode\n- Fix the flaky test in auth\n- Translate the help page',
    waits: [[], [], []],
  },
  { name: 'stars and dots are bullets', request: '• Fix src/a.ts\n• Fix src/b.ts', waits: [[], []] },
  {
    name: '"independently" makes a numbered list parallel',
    request: 'Do these independently:\n1. Fix a\n2. Fix b\n3. Fix c',
    waits: [[], [], []],
  },
  {
    name: '"in any order" behind the list counts too',
    request: '1. Fix a\n2. Fix b\n\nYou may do them in any order.',
    waits: [[], []],
  },
  {
    name: '"in parallel" makes a numbered list parallel',
    request: 'Work on these in parallel:\n1. Fix a\n2. Fix b',
    waits: [[], []],
  },
  {
    name: '"not in parallel" does not',
    request: 'Do not run these in parallel:\n- Fix a\n- Fix b',
    waits: [[], [1]],
  },
  {
    name: '"one after the other" makes bullets a sequence',
    request: 'One after the other:\n- Fix a\n- Fix b\n- Fix c',
    waits: [[], [1], [2]],
  },
  {
    name: 'the same work on files of its own shows independence',
    request:
      'The date bugs:\n1. Fix the rounding in src/money.ts\n2. Fix the parser in src/date.ts\n3. Fix leap years in src/year.ts',
    waits: [[], [], []],
  },
  {
    name: 'the same work on one file does not',
    request: '1. Fix the rounding in src/money.ts\n2. Fix the format in src/money.ts',
    waits: [[], [1]],
  },
  {
    name: 'a pronoun refers to the item before',
    request: '- Write an INI parser\n- Wire it into the CLI\n- Fix the logo',
    waits: [[], [1], []],
  },
  {
    name: 'a pronoun within an item refers to nothing outside',
    request: '- Write an INI parser\n- Fix the cache so that it expires',
    waits: [[], []],
  },
  {
    name: '"step 1" is an edge',
    request: '- Add a users table\n- Fix the logo\n- Seed the data as in step 1',
    waits: [[], [], [1]],
  },
  {
    name: '"the new …" is an edge',
    request: '- Add a rate limiter to the server\n- Fix the logo\n- Document the new limiter',
    waits: [[], [], [1]],
  },
  {
    name: 'a noun phrase made before is an edge',
    request: '- Create a payment gateway\n- Fix the logo\n- Test payment gateway failures',
    waits: [[], [], [1]],
  },
  {
    name: 'a plural means all that were made',
    request: '- Create a users endpoint\n- Create a posts endpoint\n- Document the endpoints',
    waits: [[], [], [1, 2]],
  },
  {
    name: 'the same words in two objects are no reference',
    request: '- Add unit tests for auth\n- Add unit tests for billing\n- Add unit tests for search',
    waits: [[], [], []],
  },
  {
    name: 'a bare name and the file it is made in are known later',
    request:
      '1. Implement slugify in src/slug.js\n2. Implement toUrl in src/url.js using slugify\n3. Fix the logo',
    waits: [[], [1], [2]],
  },
  {
    name: 'a bare name is known later in a bulleted list, too',
    request:
      '- Implement slugify in src/slug.js\n- Implement toUrl in src/url.js using slugify\n- Fix the logo',
    waits: [[], [1], []],
  },
  {
    name: 'a file that an item makes is known later',
    request: '- Create a logger in src/logger.ts\n- Fix the logo\n- Cover src/logger.ts',
    waits: [[], [], [1]],
  },
  {
    name: 'the same functions of files of their own are parallel although numbered',
    request:
      '1. Implement slugify in src/slug.js\n2. Implement clamp in src/clamp.js\n3. Implement sum in src/sum.js',
    waits: [[], [], []],
  },
  {
    name: '"a logger module" is the logger',
    request:
      '- Create a logger module in src/logger.ts\n- Replace console.log in src/a.ts with the logger\n- Fix the logo',
    waits: [[], [1], []],
  },
  {
    name: 'the same phrase made twice is no reference',
    request: '- Add a date parser for CSV\n- Add a date parser for XML\n- Add date parser for INI',
    waits: [[], [], []],
  },
  {
    name: 'a ticked box is done',
    request: '- [ ] Add paging\n- [x] Set up eslint\n- [ ] Fix the logo',
    waits: [[], []],
  },
  {
    name: 'a renamed thing is known by its new name',
    request: '- Rename `foo` to `parseInput`\n- Call parseInput in main.ts',
    waits: [[], [1]],
  },
  {
    name: '"finally" waits for everything',
    request: '- Fix a\n- Fix b\n- Finally, update the changelog',
    waits: [[], [], [1, 2]],
  },
  {
    name: 'a closing sentence of work is the last task',
    request: '- Fix a\n- Fix b\n\nOnce all of these are done, update CHANGELOG.md.\n\nUse tabs.',
    waits: [[], [], [1, 2]],
  },
  {
    name: 'first, then, finally',
    request: 'We need billing. First, create the schema. Then add the API, and finally write the tests.',
    waits: [[], [1], [2]],
  },
  {
    name: '"first" that orders no work',
    request: 'Fix the crash. At first the page loads, then the spinner hangs.',
    waits: 'whole',
  },
  {
    name: 'sub-items stay with their item',
    request: '- Backend\n  - add a route\n  - add a model\n- Frontend\n  - add a page',
    waits: [[], []],
  },
  {
    name: 'unindented bullets under numbers stay with them',
    request: '1. Backend\n- add a route\n- add a model\n2. Frontend\n- add a page',
    waits: [[], [1]],
  },
  {
    name: 'two lists are both work, a list of conditions is not',
    request:
      'Backend:\n- add login\n- add logout\n\nFrontend:\n- build a page\n- animate the menu\n\nConstraints:\n- no new packages\n- keep it small',
    waits: [[], [], [], []],
  },
  {
    name: 'steps to reproduce are evidence',
    request: 'The app crashes.\n\nSteps to reproduce:\n1. Open it\n2. Click save\n3. See the crash',
    waits: 'whole',
  },
  {
    name: 'traits of one thing are no parts',
    request: 'Create a CLI that supports:\n- JSON output\n- YAML output',
    waits: 'whole',
  },
  {
    name: '"fix these errors" are parts',
    request: 'Fix these errors:\n- TS2304 in src/a.ts\n- TS2551 in src/b.ts',
    waits: [[], []],
  },
  {
    name: 'code is no list',
    request: 'Explain this:\n```\n- a: 1\n- b: 2\n1. x\n2. y\n```\nThanks',
    waits: 'whole',
  },
  { name: 'a rule is no bullet', request: 'Fix the bug.\n\n- - -\n\n* * *\n\nThanks', waits: 'whole' },
  { name: 'a single bullet is no list', request: 'Fix this:\n- the login', waits: 'whole' },
  {
    name: 'a year at a line begin is no list',
    request: 'It broke in\n2024. Before that it\nworked. Fix it.',
    waits: 'whole',
  },
  { name: 'a plain sentence', request: 'Fix the login page, the logo and the footer.', waits: 'whole' },
];

describe('a request becomes the tasks and edges that a reader would draw', () => {
  test.each(ROWS)('$name', ({ request, waits }) => {
    expect(waitsOf(request)).toEqual(waits);
  });
});

describe('an item keeps what belongs to it', () => {
  const prompts = (request: string): readonly string[] =>
    listPlan(request, 'normal')?.plan.tasks.map((task) => task.prompt) ?? [];

  test('further lines, paragraphs, sub-items and code stay with it, verbatim', () => {
    const first =
      'Add a cache\n   that expires.\n\n   It has limits:\n   - 10 entries\n\n   ```ts\n   1. not an item\n   ```';
    expect(prompts(`1. ${first}\n2. Document it`)).toEqual([first, 'Document it']);
  });

  test('the text around the list is context of every item, the heading only of its own list', () => {
    const [login, page] = prompts(
      'Goal: a shop.\n\nBackend:\n- add login\n\n- add logout\n\nFrontend:\n- build a page\n- build a cart\n\nUse tabs.',
    ).filter((_prompt, at) => at === 0 || at === 2);
    expect(login).toMatch(/^add login\n\nShared context[\s\S]*Goal: a shop\.\n\nBackend:\n\nUse tabs\.$/);
    expect(page).toMatch(/^build a page\n\nShared context[\s\S]*Goal: a shop\.\n\nFrontend:\n\nUse tabs\.$/);
    expect(ownWords(login ?? '')).toBe('add login');
  });

  test('more items than a plan may have tasks share tasks, none is lost, and a warning says so', () => {
    const items = Array.from({ length: 1201 }, (_, at) => `translate page-${at} now`);
    const listed = listPlan(items.map((item) => `- ${item}`).join('\n'), 'normal');
    expect(listed?.plan.tasks.length).toBeLessThanOrEqual(500);
    expect(listed?.warnings.join()).toContain('1201 parts');
    const all = listed?.plan.tasks.map((task) => task.prompt).join('\n') ?? '';
    expect(items.filter((item) => !all.includes(item))).toEqual([]);
    const closed =
      listPlan(`${items.map((item) => `- ${item}`).join('\n')}\n\nFinally, update the index.`, 'normal')?.plan
        .tasks ?? [];
    expect(closed.at(-1)?.prompt).toMatch(/^Finally, update the index\./);
    expect(closed.at(-1)?.dependsOn).toHaveLength(closed.length - 1);
  });
});

describe('complexity reads as people would call it', () => {
  test.each([
    ['Fix the typo in README.md', 'SIMPLE'],
    ['What does src/a.ts do?', 'SIMPLE'],
    ['Add a --verbose flag', 'SIMPLE'],
    ['Rename getUser to fetchUser', 'SIMPLE'],
    ['Implement OAuth login, add tests and update the docs', 'MODERATE'],
    ['Refactor src/auth.ts', 'SIMPLE'],
    ['Add a cache to src/api.ts and src/db.ts, and write a test for each of them', 'MODERATE'],
    ['Migrate the entire codebase from JavaScript to TypeScript', 'COMPLEX'],
    [
      'Build a full-stack shop from scratch: create the API, design the schema, build the pages, add payments and write tests',
      'COMPLEX',
    ],
    ['Rewrite the scheduler, port the CLI and migrate all modules to ESM', 'COMPLEX'],
  ])('%s → %s', (request, complexity) => {
    expect(complexityOf(request, 1).complexity).toBe(complexity);
  });
});

describe('priority', () => {
  test.each([
    ['Production is down, fix the login', 'critical'],
    ['CRITICAL: users lose data', 'critical'],
    ['This is urgent: fix the login', 'high'],
    ['Please fix it ASAP', 'high'],
    ['When you have time, tidy the docs', 'low'],
    ['Not urgent, but rename it', 'low'],
    ['Guard the critical section with a lock', 'normal'],
    ['Make the read non-blocking so that it returns immediately', 'normal'],
    ['Add a CRITICAL log level', 'normal'],
  ] as const)('%s → %s', (request, priority) => {
    expect(inferPriority(request, 'normal').priority).toBe(priority);
  });

  test("the caller's own choice wins over the wording", () => {
    expect(inferPriority('Production is down', 'low').priority).toBe('low');
    expect(inferPriority('when you have time', 'critical').priority).toBe('critical');
  });
});
