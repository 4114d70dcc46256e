import { Decimal, Money, unreachable } from '@billtrail/kernel';
import { type SiteTravel, siteDetailsOn } from '@billtrail/contracts';
import { siteOfTravel } from '../../item/item-key.js';
import type { Trace, TraceStep } from '../../item/trace.js';
import type { PeriodFacts } from '../facts.js';
import { NO_DISCOUNT, PercentDiscounts, type PercentOff, discounted } from '../price/discounts.js';
import type { Pricers } from '../price/pricing.js';
import { hoursText } from '../quantities.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';
import type { ChargedLine } from './charge-lines.js';
import { roundingStep } from './fee-trace.js';
import type { MovedTravel } from './moved-travel.js';
import { type ChargedVisit, chargeIdOfVisit } from './visits.js';

/** What one visit's travel costs before discounts: quantity times unit price. */
interface Fare {
  readonly quantity: string;
  readonly unit: 'visit' | 'h' | 'km';
  readonly unitPrice: Money;
  /** Of hours their minutes: a third of an hour has no exact decimal. */
  readonly minutes: number | null;
  readonly text: string;
}

/** Why a visit's travel has no price. */
interface NoFare {
  readonly lacks: string;
}

/**
 * The travel of the visits of a contract in the period: one charge for each visit and term, whatever tickets it served. It counts as work does towards the
 * minimum and for discounts that match the first work of the visit, unless all of that is out of scope. Returns its lines for those. A visit without a price is told as lacking; what was asked
 * for it stands, and counts as it was asked.
 */
export function chargeTravel(
  visits: readonly ChargedVisit[],
  facts: PeriodFacts,
  pricers: Pricers,
  moved: MovedTravel,
  book: ChargeLedger,
): readonly ChargedLine[] {
  return visits.flatMap((visit) => chargeVisit(visit, facts, pricers, moved, book));
}

function chargeVisit(
  visit: ChargedVisit,
  facts: PeriodFacts,
  pricers: Pricers,
  moved: MovedTravel,
  book: ChargeLedger,
): readonly ChargedLine[] {
  const { term, inForce, day, work } = visit;
  const { contractId } = inForce.contract;
  const { versionNumber: contractVersion, terms } = inForce.version;
  const chargeId = chargeIdOfVisit(visit);
  const earlier = book.earlier(chargeId);
  const { currency } = terms.rateCard;
  const off = work === null ? NO_DISCOUNT : new PercentDiscounts(terms.discounts ?? []).of(work);
  const fare = currency === facts.currency ? fareOf(visit, facts, pricers) : inOtherCurrency(currency, facts);
  if ('lacks' in fare) {
    const cause = `${term.name}, ${placeText(visit)} on ${day}: ${fare.lacks}`;
    book.lacks({ chargeId, contractId, cause, value: null, sourceEventIds: visit.sourceEventIds });
    // Without a price nothing can be said against what was asked; the gap tells what lacks.
    if (earlier === null) return [];
    book.stands(chargeId);
    return linesThatStand(earlier, visit, off, book);
  }
  const { quantity, unit, unitPrice, minutes } = fare;
  const plain = minutes === null ? unitPrice.times(quantity) : unitPrice.times(minutes).dividedBy(60);
  const reduced = discounted(plain, off);
  const before = reduced.basis === null ? '0' : reduced.basis.beforeMinimumPercent;
  const cap = term.cap === undefined ? null : Money.of(term.cap, currency);
  const exact = atMost(reduced.exact, cap);
  const net = exact.rounded();
  if (net.isZero()) return [];
  const forgone = moved.goodwillOf(visit, net);
  const asked = net.minus(forgone.money);
  if (earlier !== null || !asked.isZero())
    book.expect({
      chargeId,
      kind: 'travel',
      description: `${term.name}, ${placeText(visit)}`,
      from: day,
      to: day,
      quantity,
      unit,
      unitPrice: unitPrice.toJSON(),
      net: asked.toJSON(),
      taxCategory: term.taxCategory,
      contractId,
      contractVersion,
      ticketId: null,
      sourceEventIds: visit.sourceEventIds,
      basis: {
        ...NO_FIGURES,
        termId: term.id,
        travel: {
          minutes,
          percentOff: off.percent.toFixed(),
          isCapped: cap !== null && cap.compare(reduced.exact) < 0,
          ...(forgone.money.isZero() ? {} : { forgone: forgone.money.toJSON().amount }),
        },
      },
      trace: [
        ...traceOf(visit, fare, plain),
        ...reduced.steps.map((step) => step()),
        ...capSteps(visit, reduced.exact, cap),
        roundingStep(exact, net),
        ...forgone.steps,
      ],
      billableFrom: day,
    });
  if (work === null) return [];
  const measured = atMost(plain.times(new Decimal(100).minus(before)).dividedBy(100), cap).rounded();
  const invoiceId = earlier?.invoiceId ?? null;
  const siteId = siteOfTravel(chargeId);
  const recipientId = book.recipientOf({ contractId, contractVersion, siteId, on: day }, [invoiceId]);
  const supplied = { on: day, invoiceId, recipientId };
  return [{ work, contractVersion, taxCategory: term.taxCategory, ...supplied, remaining: net, measured }];
}

/** What was asked for a visit that has no price any more, as the minimum and amounts off find it: what a discount after the minimum took is measured too. */
function linesThatStand(
  { chargeId, contractId, byCategory, basis, from, invoiceId }: EarlierCharge,
  { work, inForce }: ChargedVisit,
  off: PercentOff,
  book: Pick<ChargeLedger, 'recipientOf'>,
): readonly ChargedLine[] {
  if (work === null) return [];
  const { versionNumber: contractVersion } = inForce.version;
  const siteId = siteOfTravel(chargeId);
  const recipientId = book.recipientOf({ contractId, contractVersion, siteId, on: from }, [invoiceId]);
  const asked = basis.travel;
  const isAfter = asked?.isCapped === false && asked.percentOff === off.percent.toFixed() && !off.percent.equals(100);
  const after = isAfter ? new Decimal(off.afterMinimumPercent) : new Decimal(0);
  const kept = new Decimal(100).minus(off.percent);
  return [...byCategory]
    .filter(([, { net }]) => !net.isZero())
    .map(([taxCategory, { net }]) => {
      const measured = after.isZero() ? net : net.times(kept.plus(after)).dividedBy(kept).rounded();
      return { work, contractVersion, taxCategory, on: from, invoiceId, recipientId, remaining: net, measured };
    });
}

function atMost(exact: Money, cap: Money | null): Money {
  return cap !== null && cap.compare(exact) < 0 ? cap : exact;
}

function inOtherCurrency(currency: string, facts: PeriodFacts): NoFare {
  return { lacks: `it is in ${currency}, the client is invoiced in ${facts.currency}` };
}

function fareOf(visit: ChargedVisit, facts: PeriodFacts, pricers: Pricers): Fare | NoFare {
  const { price } = visit.term;
  const there = wayTo(visit, facts);
  switch (price.kind) {
    case 'zone-fee':
      return zoneFee(visit, price, there);
    case 'hours': {
      if (there.minutes === undefined) return lacksOfSite(visit, 'how many minutes the way takes', 'travel.minutes');
      const hourly = hourlyPrice(visit, price.pricePerHour, pricers);
      if (hourly === null)
        return { lacks: `the card has no price of an hour for ${visit.first.workType}; state pricePerHour` };
      const { freeMinutes = 0 } = price;
      const whole = there.minutes * timesOf(price.way);
      const minutes = Math.max(whole - freeMinutes, 0);
      const free = freeMinutes === 0 ? '' : ` less ${freeMinutes} free`;
      const text = `${whole} min ${price.way}${free} = ${minutes} min, at ${price.factor} of ${hourly.toString()} an hour`;
      return { quantity: hoursText(minutes), unit: 'h', unitPrice: hourly.times(price.factor), minutes, text };
    }
    case 'kilometres': {
      if (there.kilometres === undefined)
        return lacksOfSite(visit, 'how many kilometres away it is', 'travel.kilometres');
      const { freeKilometres = '0', pricePerKilometre } = price;
      const whole = new Decimal(there.kilometres).times(timesOf(price.way));
      const charged = Decimal.max(whole.minus(freeKilometres), 0).toFixed();
      const free = freeKilometres === '0' ? '' : ` less ${freeKilometres} free`;
      const unitPrice = Money.of(pricePerKilometre, facts.currency);
      const text = `${whole.toFixed()} km ${price.way}${free} = ${charged} km, at ${unitPrice.toString()} a kilometre`;
      return { quantity: charged, unit: 'km', unitPrice, minutes: null, text };
    }
    default:
      return unreachable(price);
  }
}

type Price<Kind> = Extract<ChargedVisit['term']['price'], { readonly kind: Kind }>;

function zoneFee(visit: ChargedVisit, { zones, otherZones }: Price<'zone-fee'>, { zone }: SiteTravel): Fare | NoFare {
  const stated = zones.find((one) => one.zone === zone)?.fee;
  const fee = stated ?? otherZones;
  if (fee === undefined) {
    if (zone === undefined) return lacksOfSite(visit, 'which travel zone it is in', 'travel.zone');
    return {
      lacks: `it is in travel zone ${zone}, for which the terms have no fee; they have ${zones.map((one) => one.zone).join(', ')}`,
    };
  }
  const { currency } = visit.inForce.version.terms.rateCard;
  const which = zone === undefined ? 'no travel zone' : `travel zone ${zone}`;
  const text = `${which}: ${fee} ${currency} a visit${stated === undefined ? ', as for all other zones' : ''}`;
  return { quantity: '1', unit: 'visit', unitPrice: Money.of(fee, currency), minutes: null, text };
}

function hourlyPrice({ inForce, first }: ChargedVisit, stated: string | undefined, pricers: Pricers): Money | null {
  const { terms } = inForce.version;
  if (stated !== undefined) return Money.of(stated, terms.rateCard.currency);
  const { workType, engineerRole } = first;
  const hourly = pricers.of(terms).hourly({ workType, engineerRole, rateClass: null });
  return hourly?.currency === terms.rateCard.currency ? hourly : null;
}

function lacksOfSite({ siteId }: ChargedVisit, what: string, field: string): NoFare {
  if (siteId === null) return { lacks: `the ticket names no site, so nobody can say ${what}` };
  return { lacks: `nobody stated of site ${siteId} ${what} (${field})` };
}

function timesOf(way: 'one-way' | 'return'): number {
  return way === 'return' ? 2 : 1;
}

/** As the site states it on the day of the visit. */
function wayTo({ siteId, day }: ChargedVisit, { places }: PeriodFacts): SiteTravel {
  const site = (places?.sites ?? []).find((one) => one.siteId === siteId);
  return (site === undefined ? null : siteDetailsOn(site, () => day))?.travel ?? {};
}

function placeText({ siteId }: ChargedVisit): string {
  return siteId === null ? 'visit to the client' : `visit to ${siteId}`;
}

function traceOf(visit: ChargedVisit, { quantity, unitPrice, text }: Fare, plain: Money): Trace {
  const { term, inForce, day, siteId, engineerId, ticketIds } = visit;
  const { contractId } = inForce.contract;
  const { versionNumber: contractVersion } = inForce.version;
  const by = engineerId === null ? '' : ` by ${engineerId}`;
  return [
    {
      step: 'charge',
      text: `${term.name} (${term.id}) of contract ${contractId} version ${contractVersion}: ${placeText(visit)} on ${day}${by}, for ${ticketIds.join(', ')}`,
      facts: { chargeTermId: term.id, contractId, contractVersion, siteId, engineerId, from: day, ticketIds },
    },
    {
      step: 'rate',
      text: `${text}; once for the visit, ${plain.toString()}`,
      facts: { quantity, unitPrice: unitPrice.toJSON().amount, exact: plain.plain(), currency: plain.currency },
    },
  ];
}

function capSteps({ term }: ChargedVisit, exact: Money, cap: Money | null): readonly TraceStep[] {
  if (cap === null || cap.compare(exact) >= 0) return [];
  const facts = { cap: cap.toJSON().amount, exact: exact.plain(), currency: cap.currency };
  return [
    { step: 'cap', text: `${exact.toString()} is above the ${term.cap ?? ''} that a visit costs at most`, facts },
  ];
}
