import type { PathEffect } from '../../effect.ts';
import { absolute, isAbsolute, MOST_PATH } from '../../lexicalPath.ts';
import { isDynamic } from '../../markers.ts';
import type { SimpleCommand } from '../command.ts';
import { isBroad, isDisk } from '../places.ts';
import type { Place } from '../rule.ts';
import { type EffectLog, shown } from './effectLog.ts';
import type { NewLinks } from './newLinks.ts';

/** What else is known of a path that a command names. */
type PathMore = Pick<PathEffect, 'use' | 'to'>;

/** Turns the paths that commands name into effects, each in every folder that the command may run in. */
export class PathEffects {
  readonly #log: EffectLog;
  readonly #links: NewLinks;
  readonly #start: string;

  /** @param start the folder that the tool call runs in */
  constructor(log: EffectLog, links: NewLinks, start: string) {
    this.#log = log;
    this.#links = links;
    this.#start = start;
  }

  use(
    access: 'read' | 'write',
    path: string,
    { cwd, maybe, span }: SimpleCommand,
    more: PathMore = {},
  ): void {
    // Only a path that climbs can leave the fence from one folder and not from the other.
    for (const folder of new Set([cwd, ...(path.includes('..') ? maybe : [])]))
      this.#in(folder, access, path, span, more);
  }

  #in(
    cwd: string | undefined,
    access: 'read' | 'write',
    path: string,
    span: string,
    { use, to }: PathMore,
  ): void {
    if (path === '' || path === '-' || this.#log.isFull(span)) return;
    if (path.length > MOST_PATH) {
      this.#log.risk('too-complex', 'HIGH', span, 'it names a path longer than any system takes');
      return;
    }
    if (/^\/dev\/(tcp|udp)\//u.test(path)) {
      this.#log.risk('network', 'HIGH', span, 'it opens a network connection');
      return;
    }
    if (cwd === undefined && !/^[/\u0001]/u.test(path)) {
      if (access === 'write')
        this.#log.risk(
          'unknown-path',
          path.includes('..') ? 'HIGH' : 'MEDIUM',
          span,
          'its path is known only when it runs',
        );
      return;
    }
    if (access === 'write' && isDisk(path)) this.#log.risk('disk', 'CRITICAL', span, 'it overwrites a disk');
    if (this.#links.isThrough(access, path, cwd))
      this.#log.risk('unresolved-path', 'HIGH', span, 'it goes through a link that the same command makes');
    // An unknown start may be absolute: nothing of the path is known then. A pattern starts in its folder.
    const whole = (name: string): string => (isDynamic(name.slice(0, 1)) ? name : absolute(cwd ?? '/', name));
    this.#log.add({
      type: 'path',
      access,
      path: whole(path),
      span: shown(span),
      by: 'shell',
      ...(use === undefined ? {} : { use }),
      ...(to === undefined ? {} : { to: whole(to) }),
    });
  }

  /**
   * What is deleted goes to the fence by its path, which knows whose files they are. Where the text does not
   * say which files, or says all of them, it is a risk by itself.
   * @param place where the command runs, if not here
   */
  delete(path: string, { cwd, maybe, span }: SimpleCommand, place: Place | undefined): void {
    if (path.length > MOST_PATH)
      this.#log.risk('too-complex', 'HIGH', span, 'it names a path longer than any system takes');
    else if (isDisk(path)) this.#log.risk('disk', 'CRITICAL', span, 'it overwrites a disk');
    else if (place === 'machine')
      this.#log.risk('remote-destroy', 'CRITICAL', span, 'it deletes files on another machine');
    else if (place === 'container')
      this.#log.risk('delete', 'HIGH', span, 'it deletes files inside a container');
    // After a `cd` that may have failed, files of the same name elsewhere are lost.
    else
      for (const folder of new Set([cwd, ...maybe])) {
        if (this.#log.isFull(span)) return;
        const whole = folder === undefined && !isAbsolute(path) ? undefined : absolute(folder ?? '/', path);
        const broad =
          whole === undefined ||
          isBroad(path, whole, this.#start) ||
          this.#links.isThrough('delete', path, folder);
        if (broad) this.#log.risk('delete', 'HIGH', span, 'it deletes files');
        if (whole === undefined) return;
        // Named also where it is broad: it may take what nobody may touch with it.
        this.#log.add({ type: 'path', access: 'delete', path: whole, span: shown(span), by: 'shell' });
      }
  }
}
