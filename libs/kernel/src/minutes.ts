import { InvariantViolation } from './refusal.js';
import { Decimal } from './money.js';

/** Whole minutes. Work is recorded to the minute; fractions of an hour appear only in prices, exactly. */
export type Minutes = number;

export function isWholeMinutes(value: unknown): value is Minutes {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function assertWhole(value: number, what: string): void {
  const whole: boolean = isWholeMinutes(value);
  if (!whole) throw new InvariantViolation(`${what} must be whole minutes, got ${value}`);
}

/** Hours as an exact decimal where one exists: 75 minutes are 1.25 h. For showing; amounts divide by 60 last. */
export function hoursOf(minutes: Minutes): Decimal {
  assertWhole(minutes, 'minutes');
  return new Decimal(minutes).div(60);
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
