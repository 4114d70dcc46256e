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

/** To which multiple of the increment minutes are rounded; the half goes up. */
export const ROUNDING_DIRECTIONS = ['up', 'nearest', 'down'] as const;
export type RoundingDirection = (typeof ROUNDING_DIRECTIONS)[number];

/**
 * Rounded to a multiple of `increment`, and at least `minimum` (rating.md step 4). Up, the minimum is rounded too; to the nearest and down it is asked as
 * it stands. Zero stays zero: no work, no minimum.
 */
export function billableMinutes(
  actual: Minutes,
  minimum: Minutes,
  increment: Minutes,
  direction: RoundingDirection = 'up',
): Minutes {
  assertWhole(actual, 'actual');
  assertWhole(minimum, 'minimum');
  if (!isWholeMinutes(increment) || increment === 0)
    throw new InvariantViolation(`increment must be at least a minute, got ${increment}`);
  if (actual === 0) return 0;
  if (direction === 'up') return Math.ceil(Math.max(actual, minimum) / increment) * increment;
  const increments = direction === 'down' ? actual / increment : (2 * actual + increment) / (2 * increment);
  return Math.max(Math.floor(increments) * increment, minimum);
}
