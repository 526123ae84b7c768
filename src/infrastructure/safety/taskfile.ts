import path from 'node:path';
import { z } from 'zod';
import type { TargetsCall } from '../../domain/safety/shell/rules/scriptCalls.ts';
import { foldersUp, textOf } from './manifests.ts';
import { UNKNOWN, within } from './shellQuote.ts';
import { yamlIn } from './yamlText.ts';

export const TASKFILES = [
  'Taskfile.yml',
  'taskfile.yml',
  'Taskfile.yaml',
  'taskfile.yaml',
  'Taskfile.dist.yml',
  'taskfile.dist.yml',
  'Taskfile.dist.yaml',
  'taskfile.dist.yaml',
] as const;

const MOST_TASKS = 64;

const varsSchema = z.record(z.string(), z.unknown()).default({}).catch({});
const commandSchema = z.union([
  z.string(),
  z.object({
    cmd: z.string().optional(),
    task: z.string().optional(),
    defer: z.union([z.string(), z.object({ task: z.string() })]).optional(),
    vars: varsSchema,
  }),
]);
const taskSchema = z.union([
  z.string().transform((cmd) => ({ cmds: [cmd] })),
  z.array(commandSchema).transform((cmds) => ({ cmds })),
  z.object({
    cmds: z.array(commandSchema).nullish(),
    cmd: commandSchema.nullish(),
    deps: z.array(z.union([z.string(), z.object({ task: z.string() })])).nullish(),
    status: z.array(z.string()).nullish(),
    dir: z.string().nullish(),
    aliases: z.array(z.string()).nullish(),
    vars: varsSchema,
  }),
]);
const fileSchema = z.object({ vars: varsSchema, tasks: z.record(z.string(), taskSchema).default({}) });

type Task = z.infer<typeof taskSchema>;
type Vars = z.infer<typeof varsSchema>;

/** `sh:` of a variable runs as the file is read. */
const ranBy = (vars: Vars): readonly string[] =>
  Object.values(vars).flatMap((value) => z.object({ sh: z.string() }).safeParse(value).data?.sh ?? []);

const filled = (line: string, values: ReadonlyMap<string, unknown>): string =>
  line.replaceAll(/\{\{([^{}]*)\}\}/gu, (_all, written: string) => {
    const value = values.get(/^-?\s*\.(\w+)\s*-?$/u.exec(written.trim())?.[1] ?? '');
    return typeof value === 'string' || typeof value === 'number' ? `${value}` : UNKNOWN;
  });

/** The taskfile that task takes in a folder, the nearest upwards. */
const taskfileFor = async (folder: string, named: readonly string[]): Promise<string | undefined> => {
  const [first] = named;
  if (first !== undefined) return path.resolve(folder, first);
  for (const at of foldersUp(folder))
    for (const name of TASKFILES)
      if ((await textOf(path.join(at, name))) !== undefined) return path.join(at, name);
  return undefined;
};

const read = (text: string) => fileSchema.safeParse(yamlIn(text)).data;

/** What task runs for a call in a folder; undefined where that cannot be told. */
export const taskText = async (folder: string, call: TargetsCall): Promise<string | undefined> => {
  const first = await taskfileFor(folder, call.files);
  const text = first === undefined ? undefined : await textOf(first);
  const file = text === undefined ? undefined : read(text);
  if (first === undefined || file === undefined) return undefined;
  const root = path.dirname(first);
  const find = (name: string): Task | undefined =>
    Object.hasOwn(file.tasks, name)
      ? file.tasks[name]
      : Object.values(file.tasks).find((task) => 'aliases' in task && task.aliases?.includes(name) === true);
  const wanted = call.targets.length > 0 ? call.targets : ['default'];
  if (wanted.some((name) => find(name) === undefined)) return undefined;
  const lines = ranBy(file.vars).map((ran) => `( ${ran}\n)`);
  const seen = new Set<string>();
  const follow = (name: string, vars: Vars): void => {
    const task = find(name);
    if (task === undefined || seen.has(name) || seen.size >= MOST_TASKS) return;
    seen.add(name);
    const own = 'vars' in task ? task.vars : {};
    const given = Object.entries({ CLI_ARGS: '', ...file.vars, ...own, ...vars, ...call.variables });
    const values = new Map<string, unknown>(given);
    lines.push(...ranBy(own).map((ran) => `( ${filled(ran, values)}\n)`));
    for (const need of 'deps' in task ? (task.deps ?? []) : [])
      follow(typeof need === 'string' ? need : need.task, {});
    const at = path.resolve(root, filled('dir' in task ? (task.dir ?? '.') : '.', values));
    const add = (line: string): void => {
      lines.push(within(at, root, filled(line, values)));
    };
    const cmd = 'cmd' in task ? task.cmd : undefined;
    if ('status' in task) for (const line of task.status ?? []) add(line);
    for (const each of [...(task.cmds ?? []), ...(cmd === undefined || cmd === null ? [] : [cmd])]) {
      if (typeof each === 'string') add(each);
      else {
        if (each.cmd !== undefined) add(each.cmd);
        if (each.task !== undefined) follow(each.task, each.vars);
        if (typeof each.defer === 'string') add(each.defer);
        else if (each.defer !== undefined) follow(each.defer.task, {});
      }
    }
  };
  for (const name of wanted) follow(name, {});
  return lines.length === 0 ? '' : within(root, folder, lines.join('\n'));
};
