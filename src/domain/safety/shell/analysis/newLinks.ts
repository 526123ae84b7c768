import { absolute, isInside, normalize } from '../../lexicalPath.ts';

/** Links that the text itself makes: nobody has looked up where they lead. */
export class NewLinks {
  readonly #links = new Map<string, boolean>();

  get count(): number {
    return this.#links.size;
  }

  /** @param climbs whether its source holds `..` */
  add(path: string, climbs: boolean): void {
    this.#links.set(normalize(path), climbs);
  }

  /** `..` out of a new link leads elsewhere than the text says; what is written through one that climbs, too. */
  isThrough(access: 'read' | 'write' | 'delete', path: string, cwd: string | undefined): boolean {
    if (this.#links.size === 0) return false;
    const whole = absolute(cwd ?? '/', path);
    const folders = whole
      .split('/')
      .flatMap((part, at, all) => (part === '..' ? [normalize(all.slice(0, at).join('/'))] : []));
    const end = normalize(whole);
    return [...this.#links].some(
      ([link, climbs]) =>
        folders.some((folder) => isInside(link, folder)) ||
        (access !== 'read' && climbs && isInside(link, end)),
    );
  }

  /** Whether a relative link lies in what is moved: it leads elsewhere afterwards. */
  isMovedWith(path: string): boolean {
    const moved = normalize(path);
    return [...this.#links].some(([link, climbs]) => climbs && isInside(moved, link));
  }
}
