import { Decimal, type Minutes } from '@billtrail/kernel';
import type { WorkItem } from './facts.js';

/** Pieces of a material, units of an expense: one, where it states none. */
export function piecesOf(work: Exclude<WorkItem, { kind: 'time' }>): string {
  return work.quantity ?? '1';
}

/** Digits after the point of hours as documents show them. Amounts are never computed from these hours but from the minutes. */
const HOUR_DIGITS = 6;

/**
 * Hours of minutes as a client reads them: 75 -> `1.25`, 20 -> `0.333333`. Thirds of an hour have no exact decimal: the exact quantity is
 * the item's billable minutes.
 */
export function hoursText(minutes: Minutes): string {
  const known = HOURS_BY_MINUTES.get(minutes);
  if (known !== undefined) return known;
  const hours = new Decimal(minutes).div(60).toDecimalPlaces(HOUR_DIGITS).toFixed();
  if (minutes <= REMEMBERED_UP_TO) HOURS_BY_MINUTES.set(minutes, hours);
  return hours;
}

/** A day: nearly all work is that short. */
const REMEMBERED_UP_TO = 1_440;
/** The hours of each length that was asked for before. */
const HOURS_BY_MINUTES = new Map<Minutes, string>();
