/** Port ranges, one for each lane that lives now, so that two workers' servers do not meet. */
export class Ports {
  readonly #base: number;
  readonly #size: number;
  readonly #taken = new Set<number>();

  constructor(base: number, size: number) {
    this.#base = base;
    this.#size = size;
  }

  /** @returns the first port of a free range. */
  take(): number {
    let at = 0;
    while (this.#taken.has(at)) at++;
    this.#taken.add(at);
    return this.#base + at * this.#size;
  }

  giveBack(first: number): void {
    this.#taken.delete((first - this.#base) / this.#size);
  }
}
