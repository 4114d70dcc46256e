import { InvariantViolation } from './refusal.js';

/** Whole minutes. Work is recorded to the minute; fractions of an hour appear only in prices, exactly. */
export type Minutes = number;

export function isWholeMinutes(value: unknown): value is Minutes {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function assertWhole(value: number, what: string): void {
  const whole: boolean = isWholeMinutes(value);
  if (!whole) throw new InvariantViolation(`${what} must be whole minutes, got ${value}`);
}

/** At least `minimum`, then up to the next multiple of `increment` (rating.md step 4). Zero stays zero: no work, no minimum. */
export function billableMinutes(actual: Minutes, minimum: Minutes, increment: Minutes): Minutes {
  assertWhole(actual, 'actual');
  assertWhole(minimum, 'minimum');
  if (!isWholeMinutes(increment) || increment === 0)
    throw new InvariantViolation(`increment must be at least a minute, got ${increment}`);
  if (actual === 0) return 0;
  return Math.ceil(Math.max(actual, minimum) / increment) * increment;
}
