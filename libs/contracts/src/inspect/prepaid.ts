import { type Currency, Money, minorUnitDigits } from '@billtrail/kernel';
import { MAX_PREPAID_MINUTES } from '../limits.js';
import type { Inspection } from '../problems.js';
import { inspectProration } from './charges.js';

/** Prepaid terms of a version. `currency`: the card's, where that is sound. */
export function inspectPrepaidTerms(
  inspection: Inspection,
  path: string,
  prepaid: unknown,
  currency: Currency | null,
): void {
  const fields = inspection.fields(path, prepaid, ['allotment', 'overage']);
  if (fields === null) return;
  if (fields['allotment'] !== undefined) {
    const at = `${path}.allotment`;
    const allotment = inspection.fields(at, fields['allotment'], ['id', 'name', 'base', 'rollOver', 'proration']);
    if (allotment !== null) {
      inspection.id(`${at}.id`, allotment['id']);
      inspection.text(`${at}.name`, allotment['name']);
      if (allotment['base'] === undefined)
        inspection.note(`${at}.base`, 'is required: there would be nothing to draw on or to roll over');
      else inspectPrepaidAmount(inspection, `${at}.base`, allotment['base'], currency);
      inspection.oneOf(`${at}.rollOver`, allotment['rollOver'], ['none', 'one-period']);
      if (allotment['proration'] !== undefined) inspectProration(inspection, `${at}.proration`, allotment['proration']);
    }
  }
  if (fields['overage'] !== undefined) {
    const overage = inspection.fields(`${path}.overage`, fields['overage'], ['pricePerHour', 'multiplied']);
    if (overage === null) return;
    if (overage['pricePerHour'] !== null) inspection.decimal(`${path}.overage.pricePerHour`, overage['pricePerHour']);
    inspection.truth(`${path}.overage.multiplied`, overage['multiplied']);
  }
}

/** What a block or an allotment holds: more than nothing, and money in the contract's currency. */
export function inspectPrepaidAmount(
  inspection: Inspection,
  path: string,
  amount: unknown,
  currency: Currency | null,
): void {
  const isMoney = typeof amount === 'object' && amount !== null && 'unit' in amount && amount.unit === 'money';
  const fields = inspection.fields(path, amount, isMoney ? ['unit', 'money'] : ['unit', 'minutes']);
  if (fields === null || !inspection.oneOf(`${path}.unit`, fields['unit'], ['minutes', 'money'])) return;
  if (isMoney) inspectMoney(inspection, `${path}.money`, fields['money'], currency, 'more-than-zero');
  else inspection.wholeNumber(`${path}.minutes`, fields['minutes'], 1, MAX_PREPAID_MINUTES);
}

/**
 * Money as it travels, in the contract's currency where that is known. What is held or paid for is whole minor units: less than one could never
 * be drawn or paid.
 */
export function inspectMoney(
  inspection: Inspection,
  path: string,
  money: unknown,
  currency: Currency | null,
  least: 'zero-or-more' | 'more-than-zero',
): void {
  const fields = inspection.fields(path, money, ['amount', 'currency']);
  if (fields === null) return;
  const { amount, currency: given } = fields;
  const isSound =
    least === 'zero-or-more'
      ? inspection.decimal(`${path}.amount`, amount)
      : inspection.positive(`${path}.amount`, amount);
  const isKnown = inspection.currency(`${path}.currency`, given);
  if (isSound && isKnown && typeof amount === 'string') {
    const stated = Money.of(amount, given);
    if (!stated.rounded().equals(stated))
      inspection.note(`${path}.amount`, `must be whole minor units: ${given} has ${minorUnitDigits(given)} decimals`);
  }
  if (isKnown && currency !== null && given !== currency)
    inspection.note(`${path}.currency`, `is ${given}, but the rate card is in ${currency}`);
}
