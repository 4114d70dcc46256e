import { minorUnitDigits, type Currency } from '@billtrail/kernel';
import type { Random } from '../crash/random.js';

/** True in so many of a hundred cases. */
export function inPercent(random: Random, percent: number): boolean {
  return random.whole(1, 100) <= percent;
}

/** A property that is there in so many of a hundred cases, to be spread. */
export function maybe<T extends object>(random: Random, percent: number, one: () => T): T | Record<string, never> {
  return inPercent(random, percent) ? one() : {};
}

/** Some of these, in their order, at least so many. */
export function some<T>(random: Random, all: readonly T[], least: number = 0): readonly T[] {
  const wanted = random.whole(least, all.length);
  const left = [...all.keys()];
  while (left.length > wanted) left.splice(random.whole(0, left.length - 1), 1);
  return left.flatMap((index) => all.slice(index, index + 1));
}

/** So many as a number says, each made anew. */
export function times<T>(count: number, one: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => one(index));
}

/** An amount of whole minor units, as people write it. */
export function amount(random: Random, currency: Currency, most: number, least: number = 1): string {
  const digits = minorUnitDigits(currency);
  const whole = String(random.whole(least, most));
  return digits === 0 ? whole : `${whole}.${String(random.whole(0, 10 ** digits - 1)).padStart(digits, '0')}`;
}

export function dayOf(month: string, day: number): string {
  return `${month}-${String(day).padStart(2, '0')}`;
}

/** A day of one of the months of the story, by their numbers from 1. */
export function randomDay(random: Random, from: number = 1, to: number = 4): string {
  const month = random.whole(from, to);
  return dayOf(`2026-${String(month).padStart(2, '0')}`, inPercent(random, 35) ? 1 : random.whole(2, 28));
}
