import type { Currency, Partly } from '@billtrail/kernel';
import type { Note } from '../problems.js';
import type { ContractTerms } from '../terms/contract-terms.js';
import type { NamedRateCard } from '../terms/rate-card.js';
import { isWhole, noteFraction } from './parts.js';

/**
 * Amounts that are asked or held as they stand are whole minor units: 10.005 is a slip where the currency has two decimals. The price of an hour, of a
 * device or of a tier may be finer, for a quantity is multiplied by it before anything is rounded.
 */
export function inspectAmounts(note: Note, terms: Partly<ContractTerms>): void {
  const currency = terms.rateCard?.currency;
  if (currency === undefined) return;
  for (const [path, amount] of amountsOf(terms))
    if (amount !== undefined && !isWhole(amount, currency)) noteFraction(note, path, currency);
}

function* amountsOf(terms: Partly<ContractTerms>): Generator<readonly [string, string | undefined]> {
  for (const [index, rule] of (terms.coverage ?? []).entries())
    yield [`terms.coverage[${index}].incident.price`, rule?.incident?.price];
  for (const [index, charge] of (terms.recurringCharges ?? []).entries())
    if (charge?.basis === 'fixed' || charge?.basis === 'retainer')
      yield [`terms.recurringCharges[${index}].price`, charge.price];
  for (const [index, fee] of (terms.oneTimeFees ?? []).entries())
    yield [`terms.oneTimeFees[${index}].amount`, fee?.amount];
  for (const [index, one] of (terms.milestones ?? []).entries())
    yield [`terms.milestones[${index}].amount`, one?.amount];
  yield ['terms.minimumCommitment.amountPerPeriod', terms.minimumCommitment?.amountPerPeriod];
  for (const [index, cap] of (terms.caps ?? []).entries()) yield [`terms.caps[${index}].amount`, cap?.amount];
  for (const [index, discount] of (terms.discounts ?? []).entries())
    if (discount?.kind === 'amount') yield [`terms.discounts[${index}].amount`, discount.amount];
  for (const [index, term] of (terms.travel ?? []).entries()) {
    const path = `terms.travel[${index}]`;
    yield [`${path}.cap`, term?.cap];
    if (term?.price?.kind !== 'zone-fee') continue;
    yield [`${path}.price.otherZones`, term.price.otherZones];
    for (const [at, zone] of (term.price.zones ?? []).entries()) yield [`${path}.price.zones[${at}].fee`, zone?.fee];
  }
  yield ['terms.serviceLevels.maximumCreditPerPeriod', terms.serviceLevels?.maximumCreditPerPeriod];
  for (const [index, one] of (terms.serviceLevels?.credits ?? []).entries())
    if (one?.credit?.kind === 'amount')
      yield [`terms.serviceLevels.credits[${index}].credit.amount`, one.credit.amount];
  for (const [index, one] of (terms.serviceLevels?.creditsByBreaches ?? []).entries())
    for (const [at, step] of (one?.steps ?? []).entries())
      yield [`terms.serviceLevels.creditsByBreaches[${index}].steps[${at}].amount`, step?.amount];
  yield* flatAmountsOf('terms.rateCard', terms.rateCard);
}

type Prices = Partly<Pick<NamedRateCard, 'workTypes'>>;

function* flatAmountsOf(of: string, card: Prices | undefined): Generator<readonly [string, string | undefined]> {
  for (const [index, pricing] of (card?.workTypes ?? []).entries()) {
    const path = `${of}.workTypes[${index}]`;
    if (pricing?.mode === 'flat') yield [`${path}.price`, pricing.price];
    if (pricing?.mode === 'amount-on-top' && pricing.per !== 'hour') yield [`${path}.amount`, pricing.amount];
  }
}

/** The same of a card by itself. */
export function inspectFlatAmounts(note: Note, path: string, card: Prices, currency: Currency | undefined): void {
  if (currency === undefined) return;
  for (const [at, amount] of flatAmountsOf(path, card))
    if (amount !== undefined && !isWhole(amount, currency)) noteFraction(note, at, currency);
}
