import { type Instant, type LocalDate, isInstant, isLocalDate, isMonth, localDateIn } from './time.js';

/** The first day that a command or a file may name: an earlier one is a slip of the hand (`0206-01-01`). */
export const FIRST_BUSINESS_DATE: LocalDate = '1990-01-01';
/** The last one. A later day stands for "no end" in other systems; here an end that nobody knows is left out. */
export const LAST_BUSINESS_DATE: LocalDate = '2100-12-31';
/** For messages. */
export const BUSINESS_DATES = `from ${FIRST_BUSINESS_DATE} to ${LAST_BUSINESS_DATE}`;
export const BUSINESS_MONTHS = `from ${FIRST_BUSINESS_DATE.slice(0, 7)} to ${LAST_BUSINESS_DATE.slice(0, 7)}`;

/**
 * True for a day that business can be dated on. Only what comes in is held to it: what logs of before hold stays readable, and arithmetic with
 * days knows no such bounds.
 */
export function isBusinessDate(value: string): boolean {
  return isLocalDate(value) && value >= FIRST_BUSINESS_DATE && value <= LAST_BUSINESS_DATE;
}

export function isBusinessMonth(value: string): boolean {
  return isMonth(value) && isBusinessDate(`${value}-01`);
}

/** True for a moment on such a day of UTC. */
export function isBusinessTime(value: Instant): boolean {
  return isInstant(value) && isBusinessDate(localDateIn('UTC', value));
}
