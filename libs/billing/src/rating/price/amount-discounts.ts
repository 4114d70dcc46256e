import { type LocalDate, Money, addDays, daysOf, invariant } from '@billtrail/kernel';
import type { Discount } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import { NO_FIGURES } from '../charges/charge-basis.js';
import type { ChargeLedger } from '../charges/charge-ledger.js';
import { type ChargedLine, sumOf, takeOff } from '../charges/charge-lines.js';
import type { CoveredDays } from '../time/covered-days.js';
import type { ContractFacts } from '../facts.js';
import { matches } from '../coverage/matching.js';
import type { Trace } from '../../item/trace.js';

type AmountDiscount = Extract<Discount, { kind: 'amount' }>;

/** A contract's charges of a period, as its discounts and its minimum find them. */
export interface ContractPeriod {
  readonly contract: ContractFacts;
  readonly period: string;
  readonly currency: string;
  /** The days of the period on which it is in force. */
  readonly covered: readonly CoveredDays[];
  readonly lines: ChargedLine[];
}

/**
 * The discounts of a contract that are an amount a billing period, of one order: each takes its amount off what it matches (and off the
 * month's fees, where it says so), never more than remains of that; the amounts are shared over the lines by largest remainder.
 */
export function discountAmounts(
  of: ContractPeriod,
  order: Discount['order'],
  minimum: ChargedLine | null,
  book: ChargeLedger,
): void {
  for (const { discount, versions, days } of amountDiscounts(of, order)) {
    const lines = of.lines.filter(
      (line) =>
        versions.has(line.contractVersion) &&
        (line.work === null ? discount.includesRecurring === true : matches(discount.match, line.work)),
    );
    if (minimum !== null) lines.push(minimum);
    const { first, last } = daysOf(of.period);
    const { contractId } = of.contract;
    const chargeId = chargeIdOf({ contractId, of: 'discount', termId: discount.id, from: first });
    const { amount } = discount;
    const owed = sumOf(lines, 'remaining', of.currency);
    const taken = takeOff(lines, Money.of(amount, of.currency).rounded());
    if (taken.isZero()) continue;
    invariant(!taken.isNegative(), () => `${chargeId} adds to what it reduces`);
    invariant(taken.compare(owed) <= 0, () => `${chargeId} takes off ${taken.toString()} of ${owed.toString()}`);
    book.expect({
      chargeId,
      kind: 'discount',
      description: discount.name,
      from: first,
      to: last,
      quantity: '-1',
      unit: 'discount',
      unitPrice: taken.toJSON(),
      net: taken.negated().toJSON(),
      taxCategory: discount.taxCategory,
      contractId,
      contractVersion: days.version.versionNumber,
      ticketId: null,
      sourceEventIds: [],
      basis: { ...NO_FIGURES, termId: discount.id, discountAmount: amount },
      trace: traceOf(of, discount, days, amount, owed, taken, last),
      billableFrom: addDays(last, 1),
    });
  }
}

interface InForceDiscount {
  readonly discount: AmountDiscount;
  /** The versions in force in the period that have it. */
  readonly versions: ReadonlySet<number>;
  /** The last days on which it is in force: its terms hold. */
  readonly days: CoveredDays;
}

function amountDiscounts(of: ContractPeriod, order: Discount['order']): readonly InForceDiscount[] {
  const byId = new Map<string, InForceDiscount>();
  for (const days of of.covered) {
    for (const discount of days.version.terms.discounts ?? []) {
      if (discount.kind !== 'amount' || discount.order !== order) continue;
      const versions = new Set(byId.get(discount.id)?.versions).add(days.version.versionNumber);
      byId.set(discount.id, { discount, versions, days });
    }
  }
  return [...byId.values()];
}

function traceOf(
  of: ContractPeriod,
  discount: AmountDiscount,
  days: CoveredDays,
  amount: string,
  owed: Money,
  taken: Money,
  last: LocalDate,
): Trace {
  const contractVersion = days.version.versionNumber;
  return [
    {
      step: 'charge',
      text: `discount ${discount.name} (${discount.id}) of contract ${of.contract.contractId} version ${contractVersion}, ${amount} ${of.currency} a period`,
      facts: {
        chargeTermId: discount.id,
        discountAmount: amount,
        order: discount.order,
        contractId: of.contract.contractId,
        contractVersion,
        to: last,
        currency: of.currency,
      },
    },
    {
      step: 'amount',
      text: `${amount} of the ${owed.toString()} that it reduces, never more than that -> -${taken.toString()}`,
      facts: { reduces: owed.toJSON().amount, net: taken.negated().toJSON().amount, currency: of.currency },
    },
  ];
}
