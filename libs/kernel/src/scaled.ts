/** Numbers below this many units are exact integers of JavaScript, and so are their sums. */
export const UNITS_LIMIT = 1e15;
/** Most digits after the point of a number that is kept as units. */
export const MAX_UNIT_DIGITS = 12;
const POWERS_OF_TEN = Array.from({ length: MAX_UNIT_DIGITS + 4 }, (_, digits) => 10 ** digits);
/** A sign, fifteen digits and a point. */
export const LONGEST_UNITS_TEXT = 17;

/** A number as whole units of a power of ten: `units / 10 ** digits`. */
export interface Scaled {
  readonly units: number;
  readonly digits: number;
}

/** Numbers that were computed may have more digits than those that are typed in. */
export const COMPUTED_DECIMAL = /^-?\d+(\.\d+)?$/;

/** 10, `digits` times multiplied: exact up to 22. */
export function powerOfTen(digits: number): number {
  return POWERS_OF_TEN[digits] ?? 10 ** digits;
}

/** `12345` with 2 digits: `123.45`. */
export function unitsText(units: number, digits: number): string {
  if (digits === 0) return String(units);
  const one = powerOfTen(digits);
  const fraction = Math.abs(units) % one;
  const whole = (Math.abs(units) - fraction) / one;
  return `${units < 0 ? '-' : ''}${whole}.${String(fraction).padStart(digits, '0')}`;
}

/** The number as an integer of units; null if it is none, or not one that is surely exact. It says nothing about what is refused. */
export function scaledOf(value: string | number | { toFixed(): string }): Scaled | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { units: value, digits: 0 } : null;
  const text = typeof value === 'string' ? value : value.toFixed();
  if (text.length > LONGEST_UNITS_TEXT || !COMPUTED_DECIMAL.test(text)) return null;
  const point = text.indexOf('.');
  const digits = point < 0 ? 0 : text.length - point - 1;
  const units = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1));
  return digits <= MAX_UNIT_DIGITS && Number.isSafeInteger(units) ? { units, digits } : null;
}
