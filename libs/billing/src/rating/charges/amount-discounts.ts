import { type LocalDate, Money, addDays, daysOf, invariant } from '@billtrail/kernel';
import type { Discount } from '@billtrail/contracts';
import { type ChargeKey, chargeIdOf } from '../../item/item-key.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger } from './charge-ledger.js';
import { type CategoryShare, type ChargedLine, sumOf, takeOff } from './charge-lines.js';
import { type CoveredDays, eventsInForce } from '../time/covered-days.js';
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
 * month's fees, where it says so), never more than remains of that; the amounts are shared over the lines by largest remainder. A discount has
 * the tax of what it reduces: one that reduces several tax categories is a charge in each, and none of them falls below zero; of supplies of several
 * days, or on several invoices, it states how much comes off each. What nothing is left for is told as not used.
 */
export function discountAmounts(
  of: ContractPeriod,
  order: Discount['order'],
  minimum: ChargedLine | null,
  book: ChargeLedger,
): void {
  for (const inForce of amountDiscounts(of, order)) {
    const { discount, versions } = inForce;
    const lines = of.lines.filter(
      (line) =>
        versions.has(line.contractVersion) &&
        (line.work === null ? discount.includesRecurring === true : matches(discount.match, line.work)),
    );
    if (minimum !== null) lines.push(minimum);
    const amount = Money.of(discount.amount, of.currency).rounded();
    const owed = sumOf(lines, 'remaining', of.currency);
    const shares = takeOff(lines, amount);
    const taken = Money.sum(
      shares.map((share) => share.taken),
      of.currency,
    );
    invariant(taken.compare(amount) <= 0, () => `discount ${discount.id} takes off more than its amount`);
    const leftOver = amount.minus(taken);
    const measured = { owed, all: taken, leftOver };
    for (const share of shares) expectDiscount(of, inForce, share, measured, book);
    if (shares.length === 0) expectUnused(of, inForce, lines, measured, book);
  }
}

/** What an amount off was measured on, and what nothing could take. */
interface Measured {
  readonly owed: Money;
  /** What was taken, in all tax categories. */
  readonly all: Money;
  readonly leftOver: Money;
}

/** An amount off of whose lines nothing remains: a charge of nothing says so. */
function expectUnused(
  of: ContractPeriod,
  inForce: InForceDiscount,
  lines: readonly ChargedLine[],
  measured: Measured,
  book: ChargeLedger,
): void {
  const [first] = lines.map((line) => line.taxCategory).sort();
  if (first === undefined) return;
  const taxCategory = inForce.discount.taxCategory ?? first;
  const recipientId = recipientOfContract(of, inForce, book);
  expectDiscount(
    of,
    inForce,
    { taxCategory, recipientId, taken: Money.zero(of.currency), reduces: [] },
    measured,
    book,
  );
}

/** Who receives what the contract charges. */
function recipientOfContract(
  { contract, period }: ContractPeriod,
  { days }: InForceDiscount,
  book: ChargeLedger,
): string {
  const { contractId } = contract;
  const contractVersion = days.version.versionNumber;
  return book.recipientOf({ contractId, contractVersion, siteId: null, on: daysOf(period).first }, []);
}

function expectDiscount(
  of: ContractPeriod,
  inForce: InForceDiscount,
  { taxCategory, recipientId, taken, reduces }: CategoryShare,
  measured: Measured,
  book: ChargeLedger,
): void {
  const { discount, days } = inForce;
  const { first, last } = daysOf(of.period);
  const { contractId } = of.contract;
  const { amount, id: termId, name } = discount;
  const { leftOver, all } = measured;
  const ofCategory = taxCategory === discount.taxCategory ? {} : { taxCategory };
  const key = { contractId, of: 'discount', termId, from: first, ...ofCategory } as const;
  const named = recipientOfContract(of, inForce, book);
  const left = leftOver.isZero() ? '' : `, ${leftOver.toJSON().amount} of ${amount} ${of.currency} not used`;
  book.expect({
    chargeId: idForRecipient(of, key, recipientId, named, book),
    kind: 'discount',
    description: `${name}${left}`,
    from: first,
    to: last,
    quantity: '-1',
    unit: 'discount',
    unitPrice: taken.toJSON(),
    net: taken.negated().toJSON(),
    taxCategory,
    contractId,
    contractVersion: days.version.versionNumber,
    ticketId: null,
    sourceEventIds: eventsInForce(of.contract, days).map(({ eventId }) => eventId),
    basis: {
      ...NO_FIGURES,
      termId,
      discountAmount: amount,
      off: { others: all.minus(taken).toJSON().amount, leftOver: leftOver.toJSON().amount },
      ...(recipientId === named ? {} : { billTo: recipientId }),
      ...(reduces.length === 0 ? {} : { reduces }),
    },
    trace: traceOf(of, discount, days, taken, measured, last),
    billableFrom: addDays(last, 1),
  });
}

/** Who received the share that a document has under the id keeps it; else that of who is named for the contract has no recipient in its id. */
function idForRecipient(
  { contract: { clientId } }: ContractPeriod,
  key: Extract<ChargeKey, { of: 'fee' | 'block' | 'minimum' | 'discount' }>,
  recipientId: string,
  named: string,
  book: ChargeLedger,
): string {
  const [own, other] = [chargeIdOf(key), chargeIdOf({ ...key, billTo: recipientId })];
  if (book.earlier(other) !== null) return other;
  const earlier = book.earlier(own);
  const has = earlier === null ? named : (earlier.billTo ?? clientId);
  return has === recipientId ? own : other;
}

interface InForceDiscount {
  readonly discount: AmountDiscount;
  /** The versions in force in the period that have it. */
  readonly versions: ReadonlySet<number>;
  /** The last days on which it is in force: its terms hold. */
  readonly days: CoveredDays;
}

/** One a period whatever its versions say: where they differ, also in the order, the last ones hold. */
function amountDiscounts(of: ContractPeriod, order: Discount['order']): readonly InForceDiscount[] {
  const byId = new Map<string, InForceDiscount>();
  for (const days of of.covered) {
    for (const discount of days.version.terms.discounts ?? []) {
      if (discount.kind !== 'amount') continue;
      const versions = new Set(byId.get(discount.id)?.versions).add(days.version.versionNumber);
      byId.set(discount.id, { discount, versions, days });
    }
  }
  return [...byId.values()].filter(({ discount }) => discount.order === order);
}

function traceOf(
  of: ContractPeriod,
  discount: AmountDiscount,
  days: CoveredDays,
  taken: Money,
  { owed, leftOver }: Measured,
  last: LocalDate,
): Trace {
  const { amount } = discount;
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
      text: `${amount} of the ${owed.toString()} that it reduces, never more than that -> -${taken.toString()}${leftOver.isZero() ? '' : `, ${leftOver.toString()} not used, for nothing is left to take it off`}`,
      facts: {
        reduces: owed.toJSON().amount,
        net: taken.negated().toJSON().amount,
        ...(leftOver.isZero() ? {} : { leftOver: leftOver.toJSON().amount }),
        currency: of.currency,
      },
    },
  ];
}
