import { type Minutes, Money, at, invariant, known } from '@billtrail/kernel';
import type { InvoiceLine } from '../item/frozen-item.js';
import { isOfWork, itemKeyOf } from '../item/item-key.js';
import type { Assessed } from '../rating/assessed.js';
import type { Assessor } from '../rating/assess.js';
import { settledCaps } from '../settled/caps-used.js';
import type { CapUsage } from '../rating/caps/cap-usage.js';
import { matches, workToCover } from '../rating/coverage/matching.js';
import type { InForce, Placement } from '../rating/coverage/placement.js';
import { ratedOutOfScope, ruleNamed } from '../rating/coverage/scope.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { DerivedGap, WorkItem } from '../rating/facts.js';
import { shareMinutes } from '../rating/share-minutes.js';
import { recordedQuantity } from '../rating/items/step-8-item.js';
import type { Pricers } from '../rating/price/pricing.js';
import { PricingUse } from '../rating/price/pricing-scopes.js';
import { hoursText } from '../rating/quantities.js';
import { roundAlike, roundingOf } from '../rating/time/rounding.js';
import type { BillableTime } from '../rating/time/step-4-billable-time.js';
import { billableTimes } from '../rating/time/times-to-round.js';
import { isSameWork } from '../settled/earlier-work.js';
import { type Asked, type RecheckCandidate, mismatch, otherCategory, otherTaxAlone } from './mismatch.js';
import { usedBy } from '../settled/pricing-used.js';
import { classOf, versionOf } from '../settled/priced-then.js';
import { settledRounding } from '../settled/rounding-used.js';
import type { SettledWork, SettledWorkById } from '../settled/settled-work.js';

/**
 * Gap `contract-mismatch` of lines on invoices and drafts: a rate that the version in force does not give (domain.md). A version was published
 * for days in the past after the line was frozen, or the ticket was declared or classified otherwise since; the line stays, and the gap says
 * what it would be now. Its value is what the terms of now give less what the line asks: above zero the client was asked too little, below
 * zero too much.
 *
 * - Only work that is what it was: where the work was corrected, the adjustment carries the difference, and money never stands in both.
 * - Only lines that are billed by rate, which shows in that the terms of then give their net again: what a block covers, what a cap cut and what
 *   shares a price with work that is not on the document are inputs of rating, and stay as they are.
 * - A cap of now lets no more be asked than it has room for beside all that is frozen.
 * - Minutes are those of the line, but where minimum or increment are others now.
 * - Another tax category is a mismatch by itself, whatever priced the line: its tax is another, and a credit note is the way to that.
 *
 * It ends when the line is credited, for then the work is billable again, or when a later version gives what was billed.
 */
export function mismatchGaps(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  assessor: Assessor,
  pricers: Pricers,
): readonly DerivedGap[] {
  const drafted = facts.drafted ?? [];
  if (facts.invoiced.length === 0 && drafted.length === 0) return [];
  const work = new Map(facts.work.map((one) => [one.workItemId, one]));
  const candidates = [
    ...facts.invoiced.flatMap((one) => toRecheck(one, false, work, settled, assessor, facts)),
    ...drafted.flatMap((one) => toRecheck(one, true, work, settled, assessor, facts)),
  ];
  return candidates.length === 0 ? [] : new Comparison(facts, settled, pricers, candidates).gaps();
}

/** None where the line has no price by rate, the work changed, or the terms of now are those of then. */
function toRecheck(
  { line, invoiceId }: FrozenLine,
  isDraft: boolean,
  works: ReadonlyMap<string, WorkItem>,
  settled: SettledWorkById,
  assessor: Assessor,
  { contracts, tickets }: ClientPeriodFacts,
): readonly RecheckCandidate[] {
  const work = works.get(line.workItemId);
  if (work === undefined || work.ticketId !== line.ticketId) return [];
  if (line.draw !== undefined && !isOutOfScopeNow(work, tickets)) return [];
  const whole = asOneLine(line, isDraft ? null : (settled.get(line.workItemId) ?? null));
  if (whole === null || !isSameWork(whole, work)) return [];
  const ofPeriod = assessor.assess(work, null);
  // What was invoiced here stays here, also where it would be another month's now.
  const placed = ofPeriod.length === 0 ? assessor.assessAnywhere(work) : ofPeriod;
  const now = placed.flatMap((one) => within(whole, one));
  const frozenUnder = versionOf(whole, contracts);
  if (frozenUnder === null || now.every((one) => isAsThen(whole, one))) return [];
  return [{ line: whole, invoiceId, isDraft, work, frozenUnder, now }];
}

/**
 * A line, or, at the last of them, the line and its adjustments as one: an adjustment holds a difference and no work of its own. null: another
 * line speaks for the work, or a part of it was forgone or drawn, so that no line tells its price.
 */
function asOneLine(line: InvoiceLine, settled: SettledWork | null): InvoiceLine | null {
  if (settled === null || settled.parts.every(({ key }) => isOfWork(key)))
    return isOfWork(itemKeyOf(line.itemId)) ? line : null;
  const { latest, invoiced, workItemId } = settled;
  if (latest.itemId !== line.itemId || settled.hasWriteOff) return null;
  if (settled.parts.some(({ item }) => item.draw !== undefined)) return null;
  const isTime = line.kind === 'time';
  const { segment: _segment, ...rest } = line;
  return {
    ...rest,
    itemId: workItemId,
    actualMinutes: isTime ? invoiced.actualMinutes : null,
    billableMinutes: isTime ? invoiced.billableMinutes : null,
    quantity: isTime ? hoursText(invoiced.billableMinutes) : invoiced.quantity.toFixed(),
    net: Money.of(invoiced.net, line.net.currency).toJSON(),
  };
}

/** What of a segment of now lies in the stretch that a line carries. */
function within({ segment, actualMinutes }: InvoiceLine, one: Assessed): readonly Assessed[] {
  if (one.work.kind !== 'time' || segment === undefined) return [one];
  const fromMinute = Math.max(one.unitFrom, segment.fromMinute);
  const toMinute = Math.min(one.unitTo, segment.toMinute);
  const isWhole = fromMinute === one.unitFrom && toMinute === one.unitTo;
  if (isWhole) return [one];
  // A part of no minutes lies at one point: it is of the stretch that this point is in, and of no other.
  if (toMinute < fromMinute || (toMinute === fromMinute && actualMinutes !== 0)) return [];
  const stretch = { fromMinute, toMinute, date: one.date, rateClass: one.rateClass };
  return [{ ...one, segment: stretch, minutes: toMinute - fromMinute }];
}

/** True where the very rule of the very version that priced the line prices it now: the terms of a version never change. */
function isAsThen(line: InvoiceLine, { placement, rateClass }: Assessed): boolean {
  if (placement === null) return true;
  if (placement.as === 'no-charge' || placement.as === 'unpriced') return false;
  const { contract, version } = placement.inForce;
  return (
    contract.contractId === line.contractId &&
    version.versionNumber === line.contractVersion &&
    placement.rule.id === line.basis.ruleId &&
    rateClass === classOf(line)
  );
}

class Comparison {
  private readonly scopesThen = new PricingUse();
  private readonly scopesNow = new PricingUse();
  private readonly times: ReadonlyMap<Assessed, BillableTime | null>;
  private readonly caps: CapUsage;

  constructor(
    private readonly facts: ClientPeriodFacts,
    settled: SettledWorkById,
    private readonly pricers: Pricers,
    private readonly candidates: readonly RecheckCandidate[],
  ) {
    const ids = new Set(candidates.map(({ line }) => line.workItemId));
    for (const work of settled.values())
      if (!ids.has(work.workItemId)) for (const used of usedBy(work)) this.scopesNow.put(used);
    this.caps = settledCaps(facts);
    const now = candidates.flatMap((one) => one.now);
    const times = billableTimes(now, settledRounding(now, settled, facts.contracts));
    this.times = new Map(now.map((one, index) => [one, at(times, index, 'the rounded time of a stretch')]));
  }

  gaps(): readonly DerivedGap[] {
    return this.candidates.flatMap((one) => {
      const now = this.askedNow(one);
      const isCompared = this.wasGivenAway(one) || this.isByRate(one);
      if (!isCompared) return otherCategory(one) === null ? [] : [otherTaxAlone(one, this.facts)];
      const gap = mismatch(one, now === null ? null : this.heldToCaps(one, now), this.facts);
      return gap === null ? [] : [gap];
    });
  }

  /** What the caps of now would let through of a higher price. */
  private heldToCaps({ line, now }: RecheckCandidate, asked: Asked): Asked {
    const charged = Money.from(line.net);
    const first = firstOf(now);
    const { placement } = first;
    const inForce = placement === null || placement.as === 'no-charge' ? null : placement.inForce;
    if (inForce === null || asked.net.currency !== charged.currency) return asked;
    const work = workToCover(first.work, first.ticket, first.rateClass);
    const caps = (inForce.version.terms.caps ?? []).filter((cap) => matches(cap.match, work));
    const more = asked.net.minus(charged);
    if (caps.length === 0 || more.isNegative()) return asked;
    const ask = { contractId: inForce.contract.contractId, ticketId: line.ticketId, currency: charged.currency };
    const rooms = caps.map((cap) => this.caps.roomOf(cap, ask).left);
    const through = rooms.reduce((least, room) => (room.compare(least) < 0 ? room : least), more);
    for (const cap of caps) this.caps.use(cap, ask, through);
    // What is held is billed at the rate of then as far as anybody can tell: only its money could differ.
    return through.equals(more) ? asked : { unitPrice: Money.from(line.unitPrice), net: charged.plus(through) };
  }

  /** True of a line that asks nothing, for a contract covered the work that is rated as out of scope of it now. */
  private wasGivenAway({ line, work, frozenUnder }: RecheckCandidate): boolean {
    if (!isOutOfScopeNow(work, this.facts.tickets) || !Money.from(line.net).isZero()) return false;
    const outcome = ruleNamed(frozenUnder.version, line.basis.ruleId)?.outcome;
    return outcome === 'included' || (outcome === 'prepaid' && line.draw !== undefined);
  }

  /** True where the terms of then give the line's net for the line's minutes. */
  private isByRate({ line, work, frozenUnder, now }: RecheckCandidate): boolean {
    const rule = ruleNamed(frozenUnder.version, line.basis.ruleId);
    if (rule === undefined || (rule.outcome !== 'billable' && rule.outcome !== 'prepaid')) return false;
    const placement: Placement = { as: rule.outcome, inForce: frozenUnder, rule, steps: [] };
    const one = { ...firstOf(now), placement, date: line.workDate, rateClass: classOf(line) };
    const net = this.priceOf(one, work, minutesOf(line), line, this.scopesThen)?.net;
    return net?.equals(Money.from(line.net)) === true;
  }

  /** null: the terms of now give no price. */
  private askedNow(candidate: RecheckCandidate): Asked | null {
    const { line, work, now } = candidate;
    const shares = shareMinutes(
      minutesOf(line),
      now.map((one) => one.minutes),
    );
    let sum: Asked | null = null;
    for (const [index, one] of now.entries()) {
      const minutes = this.minutesNow(one, candidate) ?? at(shares, index, 'the minutes of a stretch');
      const asked = this.priceOf(one, work, minutes, line, this.scopesNow);
      if (asked === null || (sum !== null && sum.net.currency !== asked.net.currency)) return null;
      sum = sum === null ? asked : { unitPrice: sum.unitPrice, net: sum.net.plus(asked.net) };
    }
    return sum;
  }

  /** Where minimum or increment are others than then; null: the minutes of the line. */
  private minutesNow(one: Assessed, candidate: RecheckCandidate): Minutes | null {
    const { work, frozenUnder, line } = candidate;
    const { placement, unitFrom, unitTo } = one;
    const isWhole = one.minutes === unitTo - unitFrom && line.actualMinutes === one.minutes;
    if (work.kind !== 'time' || !isWhole || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return null;
    // No minimum and no increment was laid on what a contract included.
    if (this.wasGivenAway(candidate)) return this.roundedMinutes(one);
    const card = placement.inForce.version.terms.rateCard;
    const { workType } = work;
    const before = roundingOf(frozenUnder.version.terms.rateCard, workType, classOf(line));
    const after = roundingOf(card, workType, one.rateClass);
    return before.scope === after.scope && roundAlike(before, after) ? null : this.roundedMinutes(one);
  }

  private roundedMinutes(one: Assessed): Minutes {
    const time = known(this.times, one, 'the rounded time of a stretch');
    invariant(time !== null, 'time that is billable was not rounded');
    return time.minutes;
  }

  private priceOf(
    one: Assessed,
    work: WorkItem,
    minutes: Minutes,
    line: InvoiceLine,
    scopes: PricingUse,
  ): Asked | null {
    const { placement } = one;
    if (placement === null || placement.as === 'unpriced') return null;
    const nothing = Money.zero(line.net.currency);
    if (placement.as === 'no-charge' || placement.as === 'included') return { unitPrice: nothing, net: nothing };
    if (work.kind === 'material' && work.underWarranty) return { unitPrice: nothing, net: nothing };
    if (placement.as === 'prepaid' && !wasOverage(line) && hasPrepaidFor(placement.inForce, one))
      return { unitPrice: nothing, net: nothing };
    const pricer = this.pricers.of(placement.inForce.version.terms);
    const overage = placement.as === 'prepaid' && work.kind === 'time' ? pricer.overage(one, work, minutes) : null;
    const quantity = work.kind === 'time' ? recordedQuantity(one) : line.quantity;
    const price = overage ?? pricer.price(one, minutes, quantity, scopes);
    if (price.unpriced !== null) return null;
    return { unitPrice: price.unitPrice, net: price.exact.rounded() };
  }
}

function isOutOfScopeNow({ ticketId, position }: WorkItem, tickets: ClientPeriodFacts['tickets']): boolean {
  return ratedOutOfScope(known(tickets, ticketId, 'the ticket of a line,'), position) !== null;
}

function firstOf(stretches: readonly Assessed[]): Assessed {
  return at(stretches, 0, 'a stretch that a line carries');
}

/** 0 of materials and expenses. */
function minutesOf({ itemId, kind, billableMinutes }: InvoiceLine): Minutes {
  if (kind !== 'time') return 0;
  invariant(billableMinutes !== null, () => `line ${itemId} asks for time, and holds no minutes`);
  return billableMinutes;
}

function wasOverage(line: InvoiceLine): boolean {
  return line.basis.prepaid === 'overage';
}

/** True where the contract has a block or an allotment for the day of the work: then it draws, and asks nothing. */
function hasPrepaidFor({ contract, version }: InForce, { contractDate: date, work }: Assessed): boolean {
  if (version.terms.prepaid?.allotment !== undefined) return true;
  return (contract.blocks ?? []).some(
    ({ purchasedOn, expiresOn, amount }) =>
      purchasedOn <= date &&
      (expiresOn === null || expiresOn >= date) &&
      (work.kind === 'time' || amount.unit === 'money'),
  );
}
