import type { Commit, TaskId } from '../../domain/ids.ts';
import type { Workspaces } from '../ports/workspaces.ts';
import { mayOverlap } from '../scheduling/writeOverlap.ts';
import type { FolderReport, LaneFolder } from './laneFolder.ts';

/**
 * The workspace itself, without git: workers write straight into it. `done` means that the worker ended and the
 * verification was green in the folder as it then was; there is no commit, and nothing here can undo it.
 */
export class SharedFolder implements LaneFolder {
  readonly path: string;
  readonly #workspaces: Pick<Workspaces, 'stamps'>;
  readonly #writesOf: (taskId: TaskId) => readonly string[] | undefined;
  #before: ReadonlyMap<string, string> = new Map();
  #writes: readonly string[] | undefined;

  constructor(
    path: string,
    workspaces: Pick<Workspaces, 'stamps'>,
    writesOf: (taskId: TaskId) => readonly string[] | undefined,
  ) {
    this.path = path;
    this.#workspaces = workspaces;
    this.#writesOf = writesOf;
  }

  /** Nothing is cleaned in a folder that is the user's own; what is there is only noted. */
  async prepare(taskId: TaskId): Promise<void> {
    this.#writes = this.#writesOf(taskId);
    this.#before = await this.#workspaces.stamps(this.path);
  }

  /** No task is parked in a folder that others work in: it begins anew there. */
  goOn(taskId: TaskId): Promise<void> {
    return this.prepare(taskId);
  }

  async collect(): Promise<FolderReport> {
    return { commit: undefined, filesChanged: await this.changes() };
  }

  /** Files that changed since the task began; others work here too, so only those that it said it writes. */
  async changes(): Promise<readonly string[]> {
    const now = await this.#workspaces.stamps(this.path);
    const changed = [...now]
      .filter(([file, stamp]) => this.#before.get(file) !== stamp)
      .map(([file]) => file);
    const gone = [...this.#before.keys()].filter((file) => !now.has(file));
    return [...changed, ...gone]
      .filter((file) => this.#writes?.some((path) => mayOverlap(path, file)) ?? true)
      .toSorted();
  }

  async snapshot(): Promise<Commit | undefined> {
    return undefined;
  }

  async dispose(): Promise<string | undefined> {
    return undefined;
  }
}
