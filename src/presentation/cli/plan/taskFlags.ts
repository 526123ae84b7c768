import { ConfigurationError } from '../../../domain/errors/index.ts';
import type { PlanFile } from './planSchema.ts';

type PlanTask = NonNullable<PlanFile['tasks']>[number];

const NAMED = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63}):\s+(\S[\s\S]*)$/;
const VERIFY = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})=(\S[\s\S]*)$/;

const wrong = (message: string): ConfigurationError =>
  new ConfigurationError(message, {
    hint: 'Write --task "id: what is to be done" --task-verify "id=a command"; a plan file says more than flags can.',
  });

/**
 * The tasks of `--task` and `--task-verify`. A text without `id: ` before it is all prompt; its id is t1, t2, …
 * @throws ConfigurationError
 */
export const tasksOfFlags = (texts: readonly string[], verifies: readonly string[]): readonly PlanTask[] => {
  const commands = new Map<string, string>();
  for (const text of verifies) {
    const [, id, command] = VERIFY.exec(text) ?? [];
    if (id === undefined || command === undefined)
      throw wrong(`--task-verify "${text}" is not "id=command".`);
    if (commands.has(id)) throw wrong(`--task-verify names the task "${id}" twice.`);
    commands.set(id, command);
  }
  const tasks = texts.map((text, at): PlanTask => {
    const [, named, prompt] = NAMED.exec(text) ?? [];
    const id = named ?? `t${at + 1}`;
    const verify = commands.get(id);
    commands.delete(id);
    return { id, prompt: prompt ?? text, ...(verify === undefined ? {} : { verify }) };
  });
  const [lost] = commands.keys();
  if (lost !== undefined) throw wrong(`--task-verify names a task "${lost}", and there is no such --task.`);
  return tasks;
};
