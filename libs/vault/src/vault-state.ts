import { randomBytes } from 'node:crypto';

/** Digits of a mark: random, so that the same number of changes after a set-back is told from the one before. */
const DIGITS = 8;
/** How many of the last changes keep their marks: what is older was written so many times ago that it can't be compared. */
const KEPT = 200;
/** Of the marks of a vault, as one text. */
export const DIGITS_KEPT = DIGITS * KEPT;

export function newMark(): string {
  return randomBytes(DIGITS / 2).toString('hex');
}

/** How often a vault was written to, and the marks of the last times, the newest first. */
export interface VaultState {
  readonly changes: number;
  readonly marks: string;
}

/** True if a vault in the one state can have come to the other by being written to, and was not set back between the two. */
export function isAfter(now: VaultState, before: VaultState): boolean {
  const since = now.changes - before.changes;
  if (since < 0) return false;
  const mark = now.marks.slice(since * DIGITS, (since + 1) * DIGITS);
  return mark === '' || mark === before.marks.slice(0, DIGITS);
}
