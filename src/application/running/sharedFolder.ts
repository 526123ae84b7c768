import type { Commit } from '../../domain/ids.ts';
import type { FolderReport, LaneFolder } from './laneFolder.ts';

/**
 * The workspace itself, without git: workers write straight into it. `done` means that the worker ended and the
 * verification was green in the folder as it then was; there is no commit, and nothing here can undo it.
 */
export class SharedFolder implements LaneFolder {
  readonly path: string;
  readonly #written: () => readonly string[];

  /** @param written paths that file tools wrote during the task, relative to the folder. */
  constructor(path: string, written: () => readonly string[]) {
    this.path = path;
    this.#written = written;
  }

  async prepare(): Promise<void> {
    // Nothing is cleaned in a folder that is the user's own.
  }

  async collect(): Promise<FolderReport> {
    return { commit: undefined, filesChanged: this.#written() };
  }

  async changes(): Promise<readonly string[]> {
    return this.#written();
  }

  async snapshot(): Promise<Commit | undefined> {
    return undefined;
  }

  async dispose(): Promise<string | undefined> {
    return undefined;
  }
}
