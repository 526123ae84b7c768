/** Work that is asked for again while it runs is done once more afterwards, however often it was asked for. */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  #running = false;
  #again = false;

  /** @param onFault hears what the work ended with; it is not done any more then. */
  constructor(work: () => Promise<void>, onFault: (error: unknown) => void) {
    this.#work = work;
    this.#onFault = onFault;
  }

  get running(): boolean {
    return this.#running;
  }

  ask(): void {
    if (this.#running) this.#again = true;
    else void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      do {
        this.#again = false;
        await this.#work();
      } while (this.#again);
      this.#running = false;
    } catch (error) {
      this.#onFault(error);
    }
  }
}
