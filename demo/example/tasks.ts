import { write, writeTool } from '../scripted-api/markers.ts';
import type { Rule } from '../scripted-api/turn.ts';
import { SOLUTIONS } from './solutions.ts';

/** A task as it stands on the wire of `orchestrate`. */
export type WireTask = {
  readonly id: string;
  readonly title: string;
  readonly prompt: string;
  readonly depends_on?: readonly string[];
  readonly verify: string;
  readonly writes: readonly string[];
};

type Assignment = Omit<WireTask, 'prompt' | 'verify'> & {
  /** What a person would ask for; a live worker gets this and no more. */
  readonly prompt: string;
  /** What the scripted model does about it. */
  readonly script: readonly string[];
};

export const REQUEST =
  'Make all tests of this small shop library pass. Change only what your task names; never change a test.';

/** Runs all tests, whatever their number. */
export const VERIFY_ALL = 'node --test';

const put = (path: string, content: string): string => writeTool('Write', { file_path: path, content });
const read = (path: string): string => writeTool('Read', { file_path: path });
const says = (text: string): string => write('text', text);

/** Adds an export below the comment, whatever another task has put there before. */
const exportFromIndex = (line: string): readonly string[] => [
  read('src/index.js'),
  writeTool('Edit', {
    file_path: 'src/index.js',
    old_string: '// Every public function is exported below.',
    new_string: `// Every public function is exported below.\n${line}`,
  }),
];

const ASSIGNMENTS: readonly Assignment[] = [
  {
    id: 'slug',
    title: 'Slugs from titles',
    prompt: 'Write slugify in src/slug.js so that test/slug.test.js passes, and export it from src/index.js.',
    writes: ['src/slug.js', 'src/index.js'],
    script: [
      read('test/slug.test.js'),
      put('src/slug.js', SOLUTIONS.slug),
      ...exportFromIndex("export { slugify } from './slug.js';"),
      says('slugify drops accents and joins words by hyphens.'),
    ],
  },
  {
    id: 'roman',
    title: 'Roman numerals',
    prompt:
      'Write toRoman in src/roman.js so that test/roman.test.js passes, and export it from src/index.js.',
    writes: ['src/roman.js', 'src/index.js'],
    script: [
      read('test/roman.test.js'),
      put('src/roman.js', SOLUTIONS.roman),
      ...exportFromIndex("export { toRoman } from './roman.js';"),
      says('toRoman knows the subtractive pairs.'),
    ],
  },
  {
    id: 'money',
    title: 'Amounts of money',
    prompt: 'Write format in src/money.js so that test/money.test.js passes.',
    writes: ['src/money.js'],
    script: [
      put('src/money.js', SOLUTIONS.moneyFirstTry),
      says('format is written.'),
      write('next'),
      read('test/money.test.js'),
      put('src/money.js', SOLUTIONS.money),
      says('format now keeps cents, thousands and sign.'),
    ],
  },
  {
    id: 'dates',
    title: 'Days after a date',
    prompt: 'Write addDays in src/dates.js so that test/dates.test.js passes.',
    writes: ['src/dates.js'],
    script: [
      read('test/dates.test.js'),
      put('src/dates.js', SOLUTIONS.dates),
      says('addDays counts in UTC, so no summer time can shift a day.'),
    ],
  },
  {
    id: 'wrap',
    title: 'Wrapped lines',
    prompt: 'Write wrap in src/wrap.js so that test/wrap.test.js passes.',
    writes: ['src/wrap.js'],
    script: [
      read('test/wrap.test.js'),
      put('src/wrap.js', SOLUTIONS.wrap),
      says('wrap breaks between words.'),
    ],
  },
  {
    id: 'invoice',
    title: 'The due line of an invoice',
    prompt:
      'Write invoice in src/invoice.js, using src/money.js and src/dates.js as they are, so that test/invoice.test.js passes.',
    depends_on: ['money', 'dates'],
    writes: ['src/invoice.js'],
    script: [
      read('src/money.js'),
      put('src/invoice.js', SOLUTIONS.invoice),
      says('invoice joins amount and due date.'),
    ],
  },
];

/** What the pausing task would delete; git tracks it. */
export const LEGACY = 'src/legacy.js';

/** The task whose worker is stopped at a call until a person has decided. It is done well either way. */
const PAUSING: Assignment = {
  id: 'readme',
  title: 'Old prices retired',
  prompt: `Nothing uses ${LEGACY} any more: take it out of README.md so that test/readme.test.js passes, then delete the file.`,
  writes: ['README.md', LEGACY],
  script: [
    writeTool('Edit', {
      file_path: 'README.md',
      old_string: `\n\`${LEGACY}\` has the old prices.\n`,
      new_string: '',
    }),
    writeTool('Bash', { command: `rm ${LEGACY}` }),
    says('The README names the old prices no more.'),
  ],
};

const toWire = ({ script, prompt, ...task }: Assignment, scripted: boolean): WireTask => ({
  ...task,
  verify: `node --test test/${task.id}.test.js`,
  prompt: scripted ? [prompt, write('begin'), ...script, write('end')].join('\n') : prompt,
});

/** The task that asks a person; `scripted` as for `makeTasks`. */
export const makePause = (scripted: boolean): WireTask => toWire(PAUSING, scripted);

/**
 * The tasks of the demo.
 * @param scripted adds to each prompt what the scripted model shall do; a live model gets the plain prompts
 */
export const makeTasks = (scripted: boolean): readonly WireTask[] =>
  ASSIGNMENTS.map((assignment) => toWire(assignment, scripted));

/** Two tasks add a line at the same place: where that is met only at the merge, the model must resolve it. */
export const RULES: readonly Rule[] = [
  {
    match: /<<<<<<<|conflict markers/i,
    script: `${read('src/index.js')}${put('src/index.js', SOLUTIONS.index)}${says('Both exports are kept.')}`,
  },
];
