import { Money, addDays, addTo, at, compareTexts, daysOf, monthOf } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import type { FeeBasis } from '../../item/basis.js';
import type { MadeItem } from '../../item/made-item.js';
import { type ContractPeriod, discountAmounts } from './amount-discounts.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger, EarlierCharge, PricedCharge } from './charge-ledger.js';
import { type ChargedLine, workLines } from './charge-lines.js';
import { type CoveredDays, coveredDays } from '../time/covered-days.js';
import type { ContractFacts, FeeDays, PeriodFacts } from '../facts.js';
import { chargeBlocks } from './blocks.js';
import { chargesAfterEnd } from './ended.js';
import { isCounted } from './counts.js';
import { isMonthOfCalendar } from './cycles.js';
import { isJoined } from './joined.js';
import { ownParts, partsByPayer } from './joining.js';
import { chargeMinimum } from './minimum-commitment.js';
import { exactOfDaysBefore, feeBeforeMinimum, figuresOfFee, netFee } from './fee.js';
import { whyFeeChanged } from './fee-changes.js';
import { sourcesOfFee, traceOfFee } from './fee-trace.js';
import { stretchesMeasured } from './measured.js';
import { firstDayCharged, lastDayCharged, stretchesBilledIn, stretchesOver, stretchesWithin } from './recurring.js';
import { type RecurringStretch, clipped, countedDays } from './stretch.js';
import { creditBreaches } from './service-credits.js';
import { MovedTravel } from './moved-travel.js';
import { chargeOnce } from './once.js';
import type { Incident } from './incidents.js';
import { chargeIncidents } from './incident-prices.js';
import { chargeTravel } from './travel.js';
import type { ChargedVisit } from './visits.js';
import type { Pricers } from '../price/pricing.js';

/**
 * The charges of a client-period that are not for work, contract by contract: recurring charges, fees that come once, purchased blocks, travel, fixed prices of tickets, amount discounts before the
 * minimum, the minimum commitment, amount discounts after it, service credits. What is invoiced stays; what the facts say otherwise since then
 * (another version, days no longer covered, other counts, corrected work, a withdrawn block) follows as an adjustment. What has no price is told
 * as lacking. All of it goes into the ledger.
 */
export function chargeClient(
  facts: PeriodFacts,
  items: readonly MadeItem[],
  besides: {
    readonly visits: readonly ChargedVisit[];
    readonly incidents: readonly Incident[];
    readonly pricers: Pricers;
  },
  book: ChargeLedger,
): void {
  const own = facts.contracts.filter((contract) => contract.clientId === facts.clientId);
  const work = own.some(looksAtWork) ? workLines(facts, items, book) : null;
  const { first, last } = daysOf(facts.period);
  const moved = new MovedTravel(besides.visits, book);
  for (const contract of [...own].sort((a, b) => (a.contractId < b.contractId ? -1 : 1))) {
    chargeRecurring(contract, facts, book);
    chargesAfterEnd(contract, facts, book);
    chargeOnce(contract, facts, book);
    chargeBlocks(contract, facts, items, book);
    const covered = coveredDays(contract, first, last).filter((days) => currencyOf(days) === facts.currency);
    const fees = measuresFees(contract, facts)
      ? feesOf(stretchesMeasured(contract, facts.period), contract, facts, book)
      : [];
    const byDays = hasBreaches(contract, facts)
      ? feesOf(stretchesWithin(contract, facts.period), contract, facts, book)
      : [];
    const visits = besides.visits.filter(({ inForce }) => inForce.contract.contractId === contract.contractId);
    const ways = chargeTravel(visits, facts, besides.pricers, moved, book);
    const incidents = chargeIncidents(contract.contractId, besides.incidents, facts, book);
    const recurring = Money.sum(
      byDays.map((line) => line.remaining),
      facts.currency,
    );
    // As they are asked, before anything is taken off.
    const paid = byDays.map(({ taxCategory, recipientId, remaining: net }) => ({ taxCategory, recipientId, net }));
    const of: ContractPeriod = {
      contract,
      period: facts.period,
      currency: facts.currency,
      covered,
      lines: [...(work?.get(contract.contractId) ?? []), ...ways, ...incidents, ...fees],
    };
    discountAmounts(of, 'before-minimum', null, book);
    const minimum = chargeMinimum(of, book);
    discountAmounts(of, 'after-minimum', minimum, book);
    creditBreaches(of, facts.slaBreaches ?? [], { recurring, paid }, book);
  }
}

/** Minimum commitments and amount discounts alone are measured on the work of the period. */
function looksAtWork({ versions }: ContractFacts): boolean {
  return versions.some(
    ({ terms }) =>
      terms.minimumCommitment !== undefined || (terms.discounts ?? []).some(({ kind }) => kind === 'amount'),
  );
}

/** And a month's fees by those two and by service credits. */
function measuresFees(contract: ContractFacts, facts: PeriodFacts): boolean {
  return looksAtWork(contract) || hasBreaches(contract, facts);
}

function hasBreaches({ contractId }: ContractFacts, { slaBreaches = [] }: PeriodFacts): boolean {
  return slaBreaches.some((breach) => breach.contractId === contractId);
}

function currencyOf(days: CoveredDays): string {
  return days.version.terms.rateCard.currency;
}

function chargeRecurring(contract: ContractFacts, facts: PeriodFacts, book: ChargeLedger): void {
  const earlier = book.earlierOfKind('recurring').filter(({ contractId }) => contractId === contract.contractId);
  for (const one of earlier) chargeAgain(contract, one, facts, book);
  for (const stretch of stretchesBilledIn(contract, facts.period)) {
    const ofTerm = earlier.filter(({ basis }) => basis.termId === stretch.charge.id);
    const elsewhere = (facts.feesElsewhere ?? []).filter(
      (fee) =>
        fee.contractId === contract.contractId && fee.termId === stretch.charge.id && !isBeside(fee, stretch.charge),
    );
    for (const { stretch: part, recipientId } of partsByPayer(stretch, facts, book) ?? [
      { stretch, recipientId: null },
    ]) {
      const own = ofTerm.filter(({ billTo }) => recipientId === null || (billTo ?? contract.clientId) === recipientId);
      for (const open of withoutDays(part, [...own, ...elsewhere]))
        if (!countedDays(open).isZero()) chargeStretch(open, recipientId, facts, book);
    }
  }
}

/**
 * A fee that was asked for, for its days as the versions in force have them: a price, a count, a discount, a termination, a term that is gone, all
 * that changed since then follows as an adjustment.
 */
function chargeAgain(contract: ContractFacts, earlier: EarlierCharge, facts: PeriodFacts, book: ChargeLedger): void {
  const { chargeId, net: asked, basis } = earlier;
  const hasJoinersOnly = (facts.feesElsewhere ?? []).some(
    (fee) =>
      fee.contractId === contract.contractId &&
      fee.termId === basis.termId &&
      fee.from < earlier.from &&
      fee.to >= earlier.from,
  );
  const asTheyAre = stretchesOver(contract, basis.termId, earlier, facts.period, hasJoinersOnly);
  const stretches = ownParts(asTheyAre, earlier, facts, book);
  const unpriced = stretches.find((one) => one.count === null || currencyOf(one.days) !== asked.currency);
  if (unpriced !== undefined) {
    // Without a price nothing can be said against what was asked; the gap tells what lacks.
    lackPrice(unpriced, chargeId, asked.currency, book);
    book.stands(chargeId);
    return;
  }
  const byCategory = new Map<string, RecurringStretch[]>();
  for (const stretch of stretches) addTo(byCategory, stretch.charge.taxCategory, stretch);
  const nets = [...byCategory].map(([taxCategory, of]) => {
    const net = Money.sum(of.map(netFee), asked.currency);
    const counting = of.filter((one) => !countedDays(one).isZero());
    const fee = counting.map(figuresOfFee);
    const last = counting.findLast((one) => !isAsBefore(figuresOfFee(one), earlier.figures ?? [])) ?? counting.at(-1);
    return { taxCategory, net, fee, ...(last === undefined ? {} : { priced: pricedBy(counting, last) }) };
  });
  const figures = nets.flatMap(({ fee }) => fee);
  book.expectNets(chargeId, nets, whyFeeChanged(contract, basis.termId, earlier.figures, figures));
}

/** True of days that were asked for with the same price, count and discount. */
function isAsBefore(now: FeeBasis, before: readonly FeeBasis[]): boolean {
  return before.some(
    (then) =>
      then.from <= now.from &&
      then.to >= now.to &&
      then.unitPrice === now.unitPrice &&
      then.quantity === now.quantity &&
      then.percentOff === now.percentOff,
  );
}

/** What makes a fee what it is: all of its stretches, and the version of the last one that differs. */
function pricedBy(stretches: readonly RecurringStretch[], last: RecurringStretch): PricedCharge {
  return {
    contractVersion: last.days.version.versionNumber,
    sourceEventIds: [...new Set(stretches.flatMap(sourcesOfFee))],
    trace: stretches.flatMap(traceOfFee),
    unit: unitOf(last),
  };
}

function unitOf({ charge }: RecurringStretch): string {
  return isCounted(charge) ? (charge.countOf ?? 'unit') : 'cycle';
}

/** What of a stretch no fee of the same term was asked for. */
function withoutDays(stretch: RecurringStretch, earlier: readonly Days[]): readonly RecurringStretch[] {
  let open: readonly RecurringStretch[] = [stretch];
  for (const { from, to } of earlier)
    open = open.flatMap((one) => {
      if (to < one.days.from || from > one.days.to) return [one];
      return [
        ...clipped(one, { from: one.days.from, to: addDays(from, -1) }),
        ...clipped(one, { from: addDays(to, 1), to: one.days.to }),
      ];
    });
  return open;
}

function latest(one: string, other: string): string {
  return one > other ? one : other;
}

/** Of units that join, other accounts ask for others on the same days: what reaches beyond its own month is of such a cycle. */
function isBeside({ period, from, to }: FeeDays, charge: RecurringCharge): boolean {
  return isJoined(charge) && (monthOf(to) > period || monthOf(from) < period);
}

type Days = Pick<CoveredDays, 'from' | 'to'>;

/** Tells why a stretch has no price in the client's currency. False: it has one. */
function lackPrice(stretch: RecurringStretch, chargeId: string, clientCurrency: string, book: ChargeLedger): boolean {
  const { contract, charge, days, count } = stretch;
  const { contractId } = contract;
  const currency = currencyOf(days);
  if (count === null) {
    const { minimumCount } = charge;
    const least = minimumCount === undefined ? null : netFee({ ...stretch, count: minimumCount }).toJSON();
    const owed = minimumCount === undefined ? '' : `; at least ${minimumCount} are charged`;
    const cause = `${charge.name} from ${days.from} to ${days.to}: nobody recorded how many ${charge.countOf ?? 'units'} there are${owed}`;
    book.lacks({ chargeId, contractId, cause, value: least, sourceEventIds: sourcesOfFee(stretch) });
    return true;
  }
  if (currency === clientCurrency) return false;
  const cause = `${charge.name} is in ${currency}, the client is invoiced in ${clientCurrency}`;
  book.lacks({ chargeId, contractId, cause, value: netFee(stretch).toJSON(), sourceEventIds: sourcesOfFee(stretch) });
  return true;
}

/** `recipientId`: who paid for the units that leave, where several did; null: whoever receives what the contract charges. */
function chargeStretch(
  stretch: RecurringStretch,
  recipientId: string | null,
  facts: PeriodFacts,
  book: ChargeLedger,
): void {
  const { contract, charge, days } = stretch;
  const { contractId } = contract;
  const paidBy = recipientId === null ? {} : { billTo: recipientId };
  const chargeId = chargeIdOf({ contractId, of: 'fee', termId: charge.id, from: days.from, ...paidBy });
  if (lackPrice(stretch, chargeId, facts.currency, book)) return;
  const fee = figuresOfFee(stretch);
  const { quantity, unitPrice } = fee;
  const currency = currencyOf(days);
  const net = netFee(stretch);
  book.expect({
    chargeId,
    kind: 'recurring',
    description: charge.name,
    from: days.from,
    to: days.to,
    quantity,
    unit: unitOf(stretch),
    unitPrice: Money.of(unitPrice, currency).toJSON(),
    net: net.toJSON(),
    taxCategory: charge.taxCategory,
    contractId,
    contractVersion: days.version.versionNumber,
    ticketId: null,
    sourceEventIds: sourcesOfFee(stretch),
    basis: {
      ...NO_FIGURES,
      termId: charge.id,
      exactOfDaysBefore: exactOfDaysBefore(stretch),
      fee: [fee],
      ...paidBy,
    },
    trace: traceOfFee(stretch),
    billableFrom:
      charge.billed === 'in-advance'
        ? latest(firstDayCharged(stretch), daysOf(facts.period).first)
        : addDays(lastDayCharged(stretch), 1),
  });
}

/** By which day a fee is taxed, which invoice asked for it, as far as the account has it, and who receives it. `of`: only what this client does. */
function askedOf(
  stretch: RecurringStretch,
  book: ChargeLedger,
  of?: string,
): Pick<ChargedLine, 'on' | 'invoiceId' | 'recipientId'> {
  const { contract, charge, days } = stretch;
  const { contractId, clientId } = contract;
  const place = { contractId, contractVersion: days.version.versionNumber, siteId: null, on: days.from };
  const asked = book
    .earlierOfKind('recurring')
    .filter((one) => one.contractId === contractId && one.basis.termId === charge.id)
    .filter(({ from, to }) => from <= days.to && to >= days.from)
    .map(({ from: on, invoiceId, billTo }) => ({ on, invoiceId, recipientId: billTo ?? clientId }))
    .find(({ recipientId }) => of === undefined || of === recipientId);
  const named = { on: firstDayCharged(stretch), invoiceId: null, recipientId: of ?? book.recipientOf(place, []) };
  return asked ?? named;
}

/** The fee of a month whose items several clients receive, as a line of each; what it is measured at more than is asked goes by what they are asked. */
function byRecipient(
  line: ChargedLine,
  nets: ReadonlyMap<string, Money>,
  stretch: RecurringStretch,
  book: ChargeLedger,
) {
  const asked = [...nets].filter(([, net]) => !net.isZero()).sort(([a], [b]) => compareTexts(a, b));
  if (asked.length < 2) return [{ ...line, recipientId: asked[0]?.[0] ?? line.recipientId }];
  const more = line.measured.minus(line.remaining).allocate(asked.map(([, net]) => net.value.abs()));
  return asked.map(([recipientId, net], index) => ({
    ...line,
    ...askedOf(stretch, book, recipientId),
    remaining: net,
    measured: net.plus(at(more, index, 'the share of a recipient')),
  }));
}

/**
 * The fees of the month itself, whenever they are billed: of a charge for months of the calendar what its items say, of other cycles the month's share, as the
 * stretches have it. Minimums and discounts rest on shares that are alike ({@link stretchesMeasured}), service credits on the month's days of the cycle.
 */
function feesOf(
  stretches: readonly RecurringStretch[],
  contract: ContractFacts,
  facts: PeriodFacts,
  book: ChargeLedger,
): ChargedLine[] {
  const lines = new Map<
    string,
    { line: ChargedLine; readonly nets: ReadonlyMap<string, Money>; readonly stretch: RecurringStretch }
  >();
  const zero = Money.zero(facts.currency);
  for (const stretch of stretches) {
    if (currencyOf(stretch.days) !== facts.currency) continue;
    const { charge, days, count } = stretch;
    const isMonthly = isMonthOfCalendar(charge);
    const { id: termId, taxCategory } = charge;
    const { contractId } = contract;
    const nets = isMonthly
      ? book.netsOf({ kind: 'recurring', contractId, termId, taxCategory })
      : new Map<string, Money>();
    const net = Money.sum([...nets.values()], facts.currency);
    // Without a count it has no price; what was asked stands.
    if (count === null && net.isZero()) continue;
    const contractVersion = days.version.versionNumber;
    const asked = askedOf(stretch, book);
    const key = JSON.stringify([termId, taxCategory, isMonthly ? null : asked.recipientId]);
    const start = lines.get(key)?.line ?? {
      work: null,
      contractVersion,
      taxCategory,
      ...asked,
      remaining: net,
      measured: net,
    };
    const fee = count === null ? zero : netFee(stretch);
    const before = count === null ? zero : feeBeforeMinimum(stretch);
    const line = {
      ...start,
      contractVersion,
      remaining: isMonthly ? start.remaining : start.remaining.plus(fee),
      measured: isMonthly ? start.measured.plus(before.minus(fee)) : start.measured.plus(before),
    };
    lines.set(key, { line, nets, stretch });
  }
  return [...lines.values()].flatMap(({ line, nets, stretch }) => byRecipient(line, nets, stretch, book));
}
