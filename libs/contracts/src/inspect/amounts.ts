import { type Currency, Money, isCurrency, isDecimalString, minorUnitDigits } from '@billtrail/kernel';
import type { Fields, Inspection } from '../problems.js';

/**
 * Amounts that are asked or held as they stand are whole minor units: 10.005 is a slip where the currency has two decimals. The price of an hour, of a
 * device or of a tier may be finer, for a quantity is multiplied by it before anything is rounded.
 */
export function inspectAmounts(inspection: Inspection, terms: Fields): void {
  const currency = objectOf(terms['rateCard'])?.['currency'];
  if (typeof currency !== 'string' || !isCurrency(currency)) return;
  for (const [path, amount] of amountsOf(terms)) {
    if (typeof amount === 'string' && isDecimalString(amount) && !isWhole(amount, currency))
      inspection.note(path, `must be whole minor units: ${currency} has ${minorUnitDigits(currency)} decimals`);
  }
}

function isWhole(amount: string, currency: Currency): boolean {
  const stated = Money.of(amount, currency);
  return stated.rounded().equals(stated);
}

function* amountsOf(terms: Fields): Generator<readonly [string, unknown]> {
  for (const [path, { basis, price }] of members('terms.recurringCharges', terms['recurringCharges']))
    if (basis === 'fixed' || basis === 'retainer') yield [`${path}.price`, price];
  yield ['terms.minimumCommitment.amountPerPeriod', objectOf(terms['minimumCommitment'])?.['amountPerPeriod']];
  for (const part of ['caps', 'discounts'])
    for (const [path, { amount }] of members(`terms.${part}`, terms[part])) yield [`${path}.amount`, amount];
  for (const [path, { cap, price }] of members('terms.travel', terms['travel'])) {
    yield [`${path}.cap`, cap];
    const { zones, otherZones } = objectOf(price) ?? {};
    yield [`${path}.price.otherZones`, otherZones];
    for (const [at, { fee }] of members(`${path}.price.zones`, zones)) yield [`${at}.fee`, fee];
  }
  const levels = objectOf(terms['serviceLevels']);
  yield ['terms.serviceLevels.maximumCreditPerPeriod', levels?.['maximumCreditPerPeriod']];
  for (const [path, { credit }] of members('terms.serviceLevels.credits', levels?.['credits']))
    yield [`${path}.credit.amount`, objectOf(credit)?.['amount']];
  for (const [path, { mode, amount, price, per }] of members(
    'terms.rateCard.workTypes',
    objectOf(terms['rateCard'])?.['workTypes'],
  )) {
    if (mode === 'flat') yield [`${path}.price`, price];
    if (mode === 'amount-on-top' && per !== 'hour') yield [`${path}.amount`, amount];
  }
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function* members(path: string, list: unknown): Generator<readonly [string, Fields]> {
  if (!Array.isArray(list)) return;
  for (const [index, member] of (list as readonly unknown[]).entries()) {
    const fields = objectOf(member);
    if (fields !== null) yield [`${path}[${index}]`, fields];
  }
}
