import { longTail, seededRandom, write, writeTool } from '../../demo/scripted-api.ts';

/** Six levels of four: on four lanes a runner that waits at every level waits for each level's slowest. */
const LEVELS = 6;
const WIDTH = 4;
/** How often a task needs a second task of the level before. */
const CROSS_EDGES = 0.15;
/** Milliseconds of one answer of the model; one in five takes four times as long. */
const ANSWER = { medianMs: 600, tailShare: 0.2, tailFactor: 4 };
/** A task is two answers: the tool call, the last word. */
const ANSWERS = 2;

export type Node = {
  readonly id: string;
  readonly level: number;
  readonly dependsOn: readonly string[];
  /** What the model is scripted to take for the whole task. */
  readonly scriptedSeconds: number;
};

const idOf = (level: number, place: number): string => `level-${level}-task-${place}`;

/** A graph of 24 tasks, another one for each seed and the same on every machine. */
export const makeGraph = (seed: number): readonly Node[] => {
  const random = seededRandom(seed);
  const answerMs = longTail({ ...ANSWER, random });
  return Array.from({ length: LEVELS * WIDTH }, (_, at) => {
    const level = Math.floor(at / WIDTH);
    const place = at % WIDTH;
    const across = random() < CROSS_EDGES ? Math.floor(random() * WIDTH) : place;
    const before = level === 0 ? [] : [...new Set([place, across])].map((each) => idOf(level - 1, each));
    const scriptedSeconds = (ANSWERS * Math.round(answerMs())) / 1000;
    return { id: idOf(level, place), level, dependsOn: before, scriptedSeconds };
  });
};

/** The same tasks as a runner by levels takes them: none starts before all of the level before are done. */
export const withBarriers = (graph: readonly Node[]): readonly Node[] =>
  graph.map((node) => ({
    ...node,
    dependsOn: graph.filter(({ level }) => level === node.level - 1).map(({ id }) => id),
  }));

/** As tasks of `orchestrate`. */
export const toTasks = (graph: readonly Node[]) =>
  graph.map(({ id, dependsOn, scriptedSeconds }) => {
    const script = [
      write('delay', String(Math.round((scriptedSeconds * 1000) / ANSWERS))),
      writeTool('Write', { file_path: `${id}.txt`, content: `${id}\n` }),
      write('text', 'It is written.'),
    ];
    return {
      id,
      title: id,
      depends_on: dependsOn,
      prompt: `Write ${id}.txt.\n${write('begin')}${script.join('')}${write('end')}`,
    };
  });
