// A small generator of random numbers that gives the same ones for the same seed (mulberry32).

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number from 0, below 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both possible. */
  whole(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(of) {
    return this.next() < of;
  }

  /** One of them; undefined of none. */
  one(items) {
    return items[this.whole(0, items.length - 1)];
  }

  shuffled(items) {
    const left = [...items];
    return items.map(() => left.splice(this.whole(0, left.length - 1), 1)[0]);
  }
}
