import { Decimal, type Minutes, Money, at, invariant, known } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { Assessor } from '../rating/assess.js';
import { settledCaps } from '../settled/caps-used.js';
import type { CapUsage } from '../rating/caps/cap-usage.js';
import { matches, workToCover } from '../rating/coverage/matching.js';
import type { InForce, Placement } from '../rating/coverage/placement.js';
import { capsOver, ruleNamed } from '../rating/coverage/scope.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { DerivedGap, WorkItem } from '../rating/facts.js';
import { type Weigh, weighWith } from '../rating/prepaid/burn.js';
import type { PricedWork } from '../rating/items/item-maker.js';
import { shareMinutes } from '../rating/share-minutes.js';
import { recordedQuantity } from '../rating/items/step-8-item.js';
import type { Pricers } from '../rating/price/pricing.js';
import { PricingUse } from '../rating/price/pricing-scopes.js';
import { roundAlike, roundingOf } from '../rating/time/rounding.js';
import type { BillableTime } from '../rating/time/step-4-billable-time.js';
import { billableTimes } from '../rating/time/times-to-round.js';
import { takenOfFlatPrice } from '../settled/flat-price-left.js';
import { classOf } from '../settled/priced-then.js';
import type { SettledWorkById } from '../settled/settled-work.js';
import { pricedOverNow } from '../settled/shared-scopes.js';
import { drawnAsWeighedNow } from './drawn-now.js';
import {
  firstOf,
  hasPrepaidFor,
  inTiersThen,
  isCharged,
  isForgone,
  isPartOfFlat,
  lessThen,
  minutesOf,
  wasOverage,
} from './compared-line.js';
import { keptOfScopes } from './kept-of-scopes.js';
import { OtherUse } from './other-use.js';
import { type Asked, Mismatches } from './mismatch.js';
import { aboveMergedCaps } from './above-caps.js';
import type { PricedLine } from './as-one-line.js';
import { LeftToDraw } from './left-to-draw.js';
import { type RatedNow, type RecheckCandidate, drawnMinutes, drawnMoney, toRecheck } from './recheck.js';

/**
 * Gap `contract-mismatch` of settled work: a rate that the version in force does not give (domain.md), or a share of a minimum or price that the work has no
 * more. A version was published for days in the past after the line was frozen, the ticket was declared or classified otherwise since, its place is
 * another, or work that shared a scope with it is gone; the line stays, and the gap says what it would be now. Its value is what the terms of now give less
 * what was decided: above zero the client was asked too little, below zero too much. Minutes of a block that the line drew, and that the terms of now
 * would not draw, stand in it below zero.
 *
 * - Work that was corrected is compared as one with its adjustments, be they billed, waiting or written off: so no money stands in an adjustment and in a gap,
 *   and none in neither. What was written off was decided on, and is asked of nobody when it is more than the work is worth.
 * - What shares a minimum, an increment or a price is compared together: each line keeps its share, and the gap is what the scope comes to more or less than
 *   all that is settled, to be billed or held by other work of it. Each cent once.
 * - Only lines that are billed by rate, which shows in that the terms of then give their net again, and lines that a contract covered: what a
 *   cap cut is an input of rating, and stays as it is. Of one price whatever the minutes, of which parts are settled, what they are too much together.
 * - A cap of now lets no more be asked than it has room for beside all that is frozen. What merged tickets asked above it together is too much.
 * - Minutes are those of the line, but where minimum or increment are others now, or their scope comes to others.
 * - Another tax category is a mismatch by itself, whatever priced the line: its tax is another, and a credit note is the way to that.
 *
 * It ends when the line is credited, for then the work is billable again, or when a later version gives what was billed.
 */
export function mismatchGaps(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  assessor: Assessor,
  pricers: Pricers,
  priced: PricedWork,
  rated: RatedNow,
): readonly DerivedGap[] {
  const byPrice = mismatchesByPrice(facts, settled, assessor, pricers, priced, rated);
  return [...byPrice, ...aboveMergedCaps(facts, settled, byPrice)];
}

function mismatchesByPrice(
  facts: ClientPeriodFacts,
  settled: SettledWorkById,
  assessor: Assessor,
  pricers: Pricers,
  priced: PricedWork,
  rated: RatedNow,
): readonly DerivedGap[] {
  const candidates = toRecheck(facts, settled, assessor, pricers, rated);
  if (candidates.length === 0) return [];
  const live = new Map(
    rated.segments.flatMap(([first]) => (first ? [[first.work.workItemId, first.work] as const] : [])),
  );
  return new Comparison(
    facts,
    settled,
    pricers,
    candidates,
    new OtherUse(candidates, settled, live, priced, facts),
    new LeftToDraw(rated.stock),
  ).gaps();
}

class Comparison {
  private readonly scopesThen = new PricingUse();
  private readonly candidates: readonly RecheckCandidate[];
  private readonly times: ReadonlyMap<Assessed, BillableTime | null>;
  private readonly kept: ReadonlyMap<Assessed, Minutes>;
  private readonly caps: CapUsage;
  private readonly weigh: Weigh;

  constructor(
    private readonly facts: ClientPeriodFacts,
    private readonly settled: SettledWorkById,
    private readonly pricers: Pricers,
    candidates: readonly RecheckCandidate[],
    private readonly other: OtherUse,
    private readonly left: LeftToDraw,
  ) {
    // What carries a price that is charged once keeps it.
    this.candidates = [...candidates].sort((a, b) => Number(isCharged(b)) - Number(isCharged(a)));
    this.caps = settledCaps(facts);
    this.weigh = weighWith(pricers);
    const now = this.candidates.flatMap((one) => one.now);
    const times = billableTimes(now, { use: this.other.rounding, replacedAt: new Map() });
    this.times = new Map(now.map((one, index) => [one, at(times, index, 'the rounded time of a stretch')]));
    this.kept = this.keptMinutes();
  }

  /** Of stretches that share minimum and increment. */
  private keptMinutes(): ReadonlyMap<Assessed, Minutes> {
    const shared = this.candidates.flatMap((candidate) => {
      const { roundedIn: scope, line } = candidate;
      if (scope === null) return [];
      const one = firstOf(candidate.now);
      // No minimum and no increment was laid on what a contract included.
      const before = candidate.draws.length === 0 && this.wasCovered(candidate) ? 0 : minutesOf(line);
      const isFirst = isForgone(candidate) || wasOverage(line);
      return [
        {
          one,
          scope,
          before,
          now: this.isAsItWasRounded(candidate, one) ? before : this.roundedMinutes(one),
          isFirst,
        },
      ];
    });
    const kept = keptOfScopes(shared);
    return new Map(shared.map(({ one }, index) => [one, at(kept, index, 'the minutes of a stretch')]));
  }

  /** Where versions round one scope differently, each line keeps the minutes its own version gave it. */
  private isAsItWasRounded({ roundedIn, isSharedAnew, line, frozenUnder }: RecheckCandidate, one: Assessed): boolean {
    const { placement, work, rateClass } = one;
    if (roundedIn === null || isSharedAnew || !this.other.rounding.of(roundedIn).isMixed) return false;
    if (work.kind !== 'time' || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return false;
    const before = roundingOf(frozenUnder.version.terms.rateCard, work.workType, classOf(line));
    const after = roundingOf(placement.inForce.version.terms.rateCard, work.workType, rateClass);
    return before.scope === after.scope && roundAlike(before, after);
  }

  gaps(): readonly DerivedGap[] {
    const found = new Mismatches(this.facts);
    for (const one of this.candidates) this.giveBackOf(one);
    for (const one of this.candidates) {
      if (this.isAsItWas(one)) continue;
      if (isPartOfFlat(one)) {
        found.addPart(one, this.wholeNow(one), this.takenOf(one));
        found.addOtherTax(one);
        continue;
      }
      const now = this.askedNow(one);
      if (this.wasCovered(one) || this.isByRate(one)) found.add(one, now === null ? null : this.heldToCaps(one, now));
      else found.addOtherTax(one);
    }
    return found.gaps();
  }

  /** True of minutes by the hour under the terms of then, as many as they were: nearly all that shares a minimum. */
  private isAsItWas({ hasOtherTerms, roundedIn, line, now }: RecheckCandidate): boolean {
    if (hasOtherTerms || roundedIn === null) return false;
    const one = firstOf(now);
    if ((line.basis.price?.scope ?? null) !== null || pricedOverNow(one) !== null) return false;
    return known(this.kept, one, 'the minutes that a stretch keeps') === minutesOf(line);
  }

  /** One price whatever the minutes as it is now, drawn or asked; nothing where the work has none. */
  private wholeNow({ line, now }: RecheckCandidate): Money {
    const one = firstOf(now);
    const { placement } = one;
    const nothing = Money.zero(line.net.currency);
    if (placement?.as !== 'billable' && placement?.as !== 'prepaid') return nothing;
    const pricer = this.pricers.of(placement.inForce.version.terms);
    const { exact } = pricer.price(one, minutesOf(line), recordedQuantity(one), this.other.pricing);
    return exact === null || exact.currency !== nothing.currency ? nothing : exact.rounded();
  }

  /** What is settled of the one price of the work, whatever its minutes. */
  private takenOf({ line, draws }: RecheckCandidate): Money {
    const { currency } = line.net;
    const settled = this.settled.get(line.workItemId);
    if (settled === undefined) return Money.from(line.net).plus(drawnMoney(draws, currency));
    return Money.sum(takenOfFlatPrice(settled, currency), currency);
  }

  /** What the caps of now would let through of a higher price. */
  private heldToCaps({ line, now, draws }: RecheckCandidate, asked: Asked): Asked {
    const charged = Money.from(line.net).plus(drawnMoney(draws, line.net.currency));
    const first = firstOf(now);
    const { placement } = first;
    if (placement?.as !== 'billable' && placement?.as !== 'prepaid') return asked;
    const { inForce, rule } = placement;
    if (asked.net.currency !== charged.currency) return asked;
    const work = workToCover(first.work, first.ticket, first.rateClass);
    const caps = capsOver(inForce.version, rule).filter((cap) => matches(cap.match, work));
    const more = asked.net.minus(charged);
    if (caps.length === 0 || more.isNegative() || more.isZero()) return asked;
    const ask = {
      contractId: inForce.contract.contractId,
      ticketId: first.ticket.ticketId,
      currency: charged.currency,
    };
    const rooms = caps.map((cap) => this.caps.roomOf(cap, ask).left);
    const through = rooms.reduce((least, room) => (room.compare(least) < 0 ? room : least), more);
    for (const cap of caps) this.caps.use(cap, ask, through);
    // What is held is billed at the rate of then as far as anybody can tell: only its money could differ.
    return through.equals(more)
      ? asked
      : { ...asked, unitPrice: Money.from(line.unitPrice), net: charged.plus(through) };
  }

  /** True of a line that asks nothing, for a contract included the work, or it drew on what is prepaid. */
  private wasCovered({ line, frozenUnder, draws }: RecheckCandidate): boolean {
    if (draws.length > 0) return true;
    return Money.from(line.net).isZero() && ruleNamed(frozenUnder.version, line.basis.ruleId)?.outcome === 'included';
  }

  /** True where the terms of then give the line's net for the line's minutes. */
  private isByRate({ line, work, frozenUnder, now }: RecheckCandidate): boolean {
    const rule = ruleNamed(frozenUnder.version, line.basis.ruleId);
    if (rule === undefined || (rule.outcome !== 'billable' && rule.outcome !== 'prepaid')) return false;
    const placement: Placement = { as: rule.outcome, inForce: frozenUnder, rule, steps: [] };
    const one = { ...firstOf(now), placement, date: line.workDate, rateClass: classOf(line) };
    const net = Money.from(line.net);
    const inTiers = inTiersThen(line);
    if (inTiers !== null) return inTiers.equals(net);
    const asked = this.priceOf(one, work, minutesOf(line), line, this.scopesOfThen(one, line));
    if (asked === null) return false;
    return asked.net.equals(net) || (asked.price !== null && lessThen(asked.price, line).equals(net));
  }

  /** The scope in which the line was priced, as it found it: under the name that it has now. */
  private scopesOfThen(one: Assessed, { basis, billableMinutes }: PricedLine): PricingUse {
    const { scope: then = null, charged = false, mode } = basis.price ?? {};
    const now = pricedOverNow(one);
    if (then === null || now === null) return this.scopesThen;
    const found = new PricingUse();
    found.put({
      scope: now,
      billableMinutes: this.scopesThen.before(then).billableMinutes,
      charged: mode !== 'tiers' && !charged,
    });
    this.scopesThen.add(then, billableMinutes ?? 0);
    return found;
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
      const asked =
        this.drawnNow(one, minutes, candidate) ?? this.priceOf(one, work, minutes, line, this.other.pricing);
      if (asked === null || (sum !== null && sum.net.currency !== asked.net.currency)) return null;
      sum = sum === null ? asked : together(sum, asked);
    }
    return sum;
  }

  /** What settled work draws and needs no more is there for other settled work. */
  private giveBackOf(candidate: RecheckCandidate): void {
    const [one, ...others] = candidate.now;
    if (candidate.draws.length === 0 || one === undefined || others.length > 0) return;
    const minutes = this.minutesNow(one, candidate) ?? minutesOf(candidate.line);
    const drawn = this.prepaidNow(one, minutes, candidate);
    if (drawn === null) return;
    const less = new Decimal(drawnMinutes(candidate.draws)).minus(drawn.minutes);
    if (less.gt(0)) this.left.giveBack(drawn.inForce.contract.contractId, less);
  }

  /** What is prepaid then and now is drawn as it was, but for minutes that are shared anew; what is drawn more and is not there any more is overage. null: the terms of now draw nothing for it. */
  private drawnNow(one: Assessed, minutes: Minutes, candidate: RecheckCandidate): Asked | null {
    const { line, draws } = candidate;
    const now = this.prepaidNow(one, minutes, candidate);
    if (now === null) return null;
    const asked = { unitPrice: Money.from(line.unitPrice), price: null, net: drawnMoney(draws, line.net.currency) };
    const before = draws.length === 0 ? 0 : drawnMinutes(draws);
    const more = now.minutes.minus(before);
    const { contractId } = now.inForce.contract;
    const there = more.gt(0) ? this.left.take(contractId, more, one) : more;
    const drawn = there.plus(before).toNumber();
    if (there.equals(more)) return { ...asked, drawn };
    // Minutes of work, of which one may draw several.
    const beyond = more.minus(there).times(minutes).dividedBy(now.minutes).toNumber();
    const { work } = one;
    const pricer = this.pricers.of(now.inForce.version.terms);
    const overage = work.kind === 'time' ? pricer.overage(one, work, beyond) : null;
    const price = overage ?? pricer.price(one, beyond, recordedQuantity(one), this.other.pricing);
    if (price.unpriced !== null || price.exact.currency !== asked.net.currency)
      return { ...asked, drawn: now.minutes.toNumber() };
    return { ...asked, net: asked.net.plus(price.exact.rounded()), drawn };
  }

  /** Minutes that the terms of now draw of what is prepaid for minutes of a line, were all of it there. null: nothing. */
  private prepaidNow(
    one: Assessed,
    minutes: Minutes,
    candidate: RecheckCandidate,
  ): { readonly minutes: Decimal; readonly inForce: InForce } | null {
    const { placement, work } = one;
    const { line, draws, frozenUnder } = candidate;
    if (placement?.as !== 'prepaid') return null;
    if (draws.length === 0) {
      if (!this.wasCovered(candidate) || work.kind !== 'time' || !hasPrepaidFor(placement.inForce, one)) return null;
      const { inForce } = placement;
      return { minutes: this.weigh({ currency: null }, { assessed: one, inForce }).times(minutes), inForce };
    }
    const isOwn = placement.inForce.contract.contractId === frozenUnder.contract.contractId;
    const isKept = isOwn && draws.some(({ source }) => source.from === 'block');
    if (!isKept && !hasPrepaidFor(placement.inForce, one)) return null;
    const { inForce } = placement;
    const isAsItWas = minutes === line.billableMinutes && candidate.now.length === 1;
    const drawn = drawnAsWeighedNow(
      draws,
      isAsItWas ? null : minutes,
      this.weigh,
      { assessed: one, inForce },
      this.facts,
    );
    return { minutes: drawn, inForce };
  }

  /** Where minimum or increment are others than then, or are shared with other work; null: the minutes of the line. */
  private minutesNow(one: Assessed, candidate: RecheckCandidate): Minutes | null {
    const { work, frozenUnder, line, roundedIn, draws } = candidate;
    if (roundedIn !== null) return known(this.kept, one, 'the minutes that a stretch keeps');
    const { placement, unitFrom, unitTo } = one;
    const isWhole = one.minutes === unitTo - unitFrom && line.actualMinutes === one.minutes;
    if (work.kind !== 'time' || !isWhole || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return null;
    // No minimum and no increment was laid on what a contract included.
    if (draws.length === 0 && this.wasCovered(candidate)) return this.roundedMinutes(one);
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

  private priceOf(one: Assessed, work: WorkItem, minutes: Minutes, line: PricedLine, scopes: PricingUse): Asked | null {
    const { placement } = one;
    if (placement === null || placement.as === 'unpriced') return null;
    const zero = Money.zero(line.net.currency);
    const nothing: Asked = { unitPrice: zero, net: zero, drawn: 0, price: null };
    if (placement.as === 'no-charge' || placement.as === 'included') return nothing;
    if (work.kind === 'material' && work.underWarranty) return nothing;
    if (placement.as === 'prepaid' && !wasOverage(line) && hasPrepaidFor(placement.inForce, one)) return nothing;
    const pricer = this.pricers.of(placement.inForce.version.terms);
    const overage = placement.as === 'prepaid' && work.kind === 'time' ? pricer.overage(one, work, minutes) : null;
    const quantity = work.kind === 'time' ? recordedQuantity(one) : line.quantity;
    const price = overage ?? pricer.price(one, minutes, quantity, scopes);
    if (price.unpriced !== null) return null;
    return { unitPrice: price.unitPrice, net: price.exact.rounded(), drawn: 0, price };
  }
}

function together(one: Asked, other: Asked): Asked {
  return { ...one, net: one.net.plus(other.net), drawn: one.drawn + other.drawn };
}
