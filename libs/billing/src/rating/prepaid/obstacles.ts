import { Decimal, type LocalDate, minorUnitDigits, unreachable } from '@billtrail/kernel';
import { type Obstacle, type Supply, available } from './supply.js';
import type { Rest } from './rest.js';

/** Why the work is none that the supply is for. */
export function misfitOf(supply: Supply, day: LocalDate, rest: Rest): Obstacle | null {
  if (day < supply.firstDay) return 'too-early';
  if (supply.lastDay !== null && day > supply.lastDay) return 'expired';
  if (supply.currency === null && rest.minutes === null) return 'not-time';
  if (supply.currency === null && rest.isFlat) return 'one-price';
  if (supply.currency !== null && supply.currency !== rest.exact.currency) return 'other-currency';
  if (supply.currency !== null && rest.exact.rounded().isZero()) return 'costs-nothing';
  return null;
}

/** `weight`: what a minute of the work draws of a supply of minutes. */
export function obstacleTo(supply: Supply, day: LocalDate, rest: Rest, weight: Decimal): Obstacle | null {
  const misfit = misfitOf(supply, day, rest);
  const least = supply.currency === null ? weight : SMALLEST;
  if (misfit !== null || drawable(supply).gte(least)) return misfit;
  if (supply.left.isZero()) return 'used-up';
  return supply.left.lt(least) ? 'too-little' : 'held';
}

/** Of money anything at all can be drawn. */
const SMALLEST = new Decimal('1e-12');

/** What is said of a block that was asked in vain: one text for all work that it is told of. */
export function skipReason(supply: Supply, obstacle: Obstacle): string {
  let text = supply.skipReasons.get(obstacle);
  if (text === undefined) supply.skipReasons.set(obstacle, (text = `${supply.name}: ${inWords(supply, obstacle)}`));
  return text;
}

function inWords({ firstDay, lastDay, currency }: Supply, obstacle: Obstacle): string {
  switch (obstacle) {
    case 'too-early':
      return `not before ${firstDay}`;
    case 'expired':
      return `expired on ${lastDay}`;
    case 'not-time':
      return 'holds time, and this is not time';
    case 'one-price':
      return 'holds time, and this has one price whatever its minutes';
    case 'other-currency':
      return `holds ${currency}`;
    case 'costs-nothing':
      return 'holds money, and the work costs none';
    case 'used-up':
      return 'used up';
    case 'too-little':
      return 'holds less than a minute of this draws';
    case 'held':
      return 'the rest is drawn by later invoiced work';
    default:
      return unreachable(obstacle);
  }
}

/** Minutes, or money in whole minor units, that can be drawn now. */
export function drawable(supply: Supply): Decimal {
  const free = available(supply);
  if (supply.currency === null) return free;
  const digits = minorUnitDigits(supply.currency);
  return free.decimalPlaces() <= digits ? free : free.toDecimalPlaces(digits, Decimal.ROUND_DOWN);
}
