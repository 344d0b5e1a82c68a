/** A bounded list: the newest `capacity` entries, oldest forgotten first. */
export class Ring<T> {
  readonly #capacity: number;
  #entries: T[] = [];
  #start = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds an entry; the oldest one goes when the ring is full. */
  push(entry: T): void {
    if (this.#entries.length < this.#capacity) {
      this.#entries.push(entry);
      return;
    }
    this.#entries[this.#start] = entry;
    this.#start = (this.#start + 1) % this.#capacity;
  }

  /** The newest `limit` entries that pass, in the order they were added. */
  newest(passes: (entry: T) => boolean, limit: number): T[] {
    const found: T[] = [];
    for (let back = this.#entries.length - 1; back >= 0 && found.length < limit; back -= 1) {
      const entry = this.#entries[(this.#start + back) % this.#entries.length];
      if (entry !== undefined && passes(entry)) found.push(entry);
    }
    return found.reverse();
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = [];
    this.#start = 0;
  }
}
