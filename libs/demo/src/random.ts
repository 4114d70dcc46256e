import { invariant } from '@billtrail/kernel';

/**
 * Random numbers from a seed: the same seed gives the same sequence on every machine. The mixing function is mulberry32 (32 bits of
 * state): good enough to vary a sample, and for nothing that must not be guessed.
 */
export class Random {
  private state: number;

  /** `seed` is a whole number; its lowest 32 bits count. */
  constructor(seed: number) {
    invariant(Number.isSafeInteger(seed), `a seed must be a whole number, got ${seed}`);
    this.state = seed | 0;
  }

  /** At least 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True in about `share` of all calls: 0 never, 1 always. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Any member of a list that has one. */
  pick<T>(from: readonly T[]): T {
    invariant(from.length > 0, 'nothing to pick from');
    return from[Math.floor(this.next() * from.length)] as T;
  }

  /** Any member, in proportion to its weight (whole numbers above zero). */
  weighted<T>(from: readonly (readonly [T, number])[]): T {
    let rest = this.next() * from.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [member, weight] of from) {
      rest -= weight;
      if (rest < 0) return member;
    }
    const last = from.at(-1);
    invariant(last !== undefined, 'nothing to pick from');
    return last[0];
  }
}
