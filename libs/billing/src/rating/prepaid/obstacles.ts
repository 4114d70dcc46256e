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

export function obstacleTo(supply: Supply, day: LocalDate, rest: Rest): Obstacle | null {
  const misfit = misfitOf(supply, day, rest);
  if (misfit !== null || !drawable(supply).isZero()) return misfit;
  return supply.left.isZero() ? 'used-up' : 'held';
}

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
    case 'held':
      return 'the rest is drawn by later invoiced work';
    default:
      return unreachable(obstacle);
  }
}

/** Whole minutes, or money in whole minor units, that can be drawn now. */
export function drawable(supply: Supply): Decimal {
  const digits = supply.currency === null ? 0 : minorUnitDigits(supply.currency);
  const free = available(supply);
  return free.decimalPlaces() <= digits ? free : free.toDecimalPlaces(digits, Decimal.ROUND_DOWN);
}
