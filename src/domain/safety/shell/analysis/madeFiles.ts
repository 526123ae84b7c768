import { absolute } from '../../lexicalPath.ts';
import type { SimpleCommand } from '../command.ts';
import { contentOf, copiesOf, outputsOf } from '../rules/written.ts';
import { type Run, StagedFiles, type StagedScript } from '../staged.ts';

/** The files that the text makes, by redirection, copy or download, and those that it runs. */
export class MadeFiles {
  readonly #downloads = new Set<string>();
  readonly #executed = new Map<string, string>();
  readonly #staged = new StagedFiles();

  /** Remembers what files this command's redirections make, for when they are run. */
  redirected(command: SimpleCommand): void {
    const made = command.redirects.filter(({ access }) => access === 'write');
    if (made.length === 0) return;
    const content = command.isGroup === true ? { text: undefined } : contentOf(command);
    for (const { target, appends } of content === undefined ? [] : made)
      this.#staged.write(absolute(command.cwd ?? '/', target), content?.text, appends === true);
  }

  /** The same for files that it names as operands. */
  named(command: SimpleCommand, name: string, args: readonly string[]): void {
    const at = command.cwd ?? '/';
    for (const { from, to } of copiesOf(name, args)) this.#staged.copy(absolute(at, from), absolute(at, to));
    const outputs = outputsOf(name, args);
    const content = outputs.length === 0 ? undefined : contentOf(command);
    if (content !== undefined)
      for (const { path, appends } of outputs) this.#staged.write(absolute(at, path), content.text, appends);
  }

  /** @param path absolute */
  downloaded(path: string): void {
    this.#downloads.add(path);
  }

  /** @param path absolute */
  executed(path: string, run: Run): void {
    this.#executed.set(path, run.command.span);
    this.#staged.run(path, run);
  }

  /** Scripts that were both written and run, each once. */
  takeStaged(): readonly StagedScript[] {
    return this.#staged.take();
  }

  /** Texts of the commands that run what was downloaded. */
  runsOfDownloads(): readonly string[] {
    return [...this.#executed].flatMap(([path, span]) => (this.#downloads.has(path) ? [span] : []));
  }
}
