import { Decimal, Money } from '@billtrail/kernel';
import type { Trace } from '../../item/trace.js';
import type { PeriodFacts } from '../facts.js';
import { PercentDiscounts, discounted } from '../price/discounts.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger, EarlierCharge, ExpectedCharge } from './charge-ledger.js';
import type { ChargedLine } from './charge-lines.js';
import { roundingStep } from './fee-trace.js';
import { type Incident, type PlacedIncident, monthOfIncident, numbered, placedIncidents } from './incidents.js';

/**
 * The fixed prices of tickets that are in the account of the period, of one contract: at the terms of the first work that is approved, wherever it lies. They count
 * as work does towards the minimum and for discounts that match that work. Returns the lines for those. A price whose work has gone is taken back when the charges
 * are closed; one whose work only awaits approval stands, and where nothing has asked for it and the ticket is resolved it is told as lacking.
 */
export function chargeIncidents(
  contractId: string,
  incidents: readonly Incident[],
  facts: PeriodFacts,
  book: ChargeLedger,
): readonly ChargedLine[] {
  const placed = placedIncidents(
    incidents.filter((one) => one.contractId === contractId),
    facts,
    book.earlierOfKind('incident'),
  );
  return [...numbered(placed)].flatMap(([one, number]) =>
    one.period === facts.period ? chargeIncident(one, number, facts, book) : [],
  );
}

function chargeIncident(
  one: PlacedIncident,
  number: number,
  facts: PeriodFacts,
  book: ChargeLedger,
): readonly ChargedLine[] {
  const { chargeId } = one;
  const earlier = book.earlier(chargeId);
  const priced = pricedOf(one, number);
  if (priced === null || one.firm === null) return pendingOf(one, number, earlier, book);
  const { net, measured } = priced;
  if (net.currency !== (earlier?.net.currency ?? facts.currency)) {
    lackCurrency(one, net, facts, book);
    if (earlier !== null) book.stands(chargeId);
    return [];
  }
  const { taxCategory, contractVersion, sourceEventIds, trace, unit } = priced.expected;
  if (earlier !== null) {
    const why = `${net.toJSON().amount} instead of ${earlier.net.toJSON().amount}`;
    const now = { contractVersion, sourceEventIds, trace, unit };
    book.expectNets(chargeId, [{ taxCategory, net, priced: now }], why);
  } else if (!net.isZero()) book.expect(priced.expected);
  const { work, day: on } = one.firm;
  const invoiceId = earlier?.invoiceId ?? null;
  const { contractId, ticket } = one;
  const recipientId = book.recipientOf({ contractId, contractVersion, siteId: ticket.siteId, on }, [invoiceId]);
  return [{ work, contractVersion, taxCategory, on, invoiceId, recipientId, remaining: net, measured }];
}

/** All of its work awaits approval. */
function pendingOf(
  one: PlacedIncident,
  number: number,
  earlier: EarlierCharge | null,
  book: ChargeLedger,
): readonly ChargedLine[] {
  const { pending, chargeId, contractId, ticket } = one;
  if (pending === null) return [];
  const { price, inForce, work, day: on, sourceEventIds } = pending;
  if (earlier !== null) {
    book.stands(chargeId);
    const { versionNumber: contractVersion } = inForce.version;
    const { invoiceId } = earlier;
    const recipientId = book.recipientOf({ contractId, contractVersion, siteId: ticket.siteId, on }, [invoiceId]);
    return [...earlier.byCategory].map(([taxCategory, { net }]) => ({
      work,
      contractVersion,
      taxCategory,
      on,
      invoiceId,
      recipientId,
      remaining: net,
      measured: net,
    }));
  }
  if (ticket.resolvedOn === null || number <= (price.includedPerPeriod ?? 0)) return [];
  const value = Money.of(price.price, inForce.version.terms.rateCard.currency).toJSON();
  const cause = `the fixed price of ticket ${ticket.ticketId}, which was resolved on ${ticket.resolvedOn}: nobody approved any of its time; approve it, and the price is asked for`;
  book.lacks({ chargeId, contractId, cause, value, sourceEventIds });
  return [];
}

function lackCurrency(one: PlacedIncident, value: Money, facts: PeriodFacts, book: ChargeLedger): void {
  const { chargeId, contractId, ticket, firm } = one;
  const cause = `the fixed price of ticket ${ticket.ticketId} is in ${value.currency}, the client is invoiced in ${facts.currency}`;
  book.lacks({ chargeId, contractId, cause, value: value.toJSON(), sourceEventIds: firm?.sourceEventIds ?? [] });
}

interface Priced {
  readonly net: Money;
  /** What a minimum is measured on: without the discounts that come after it. */
  readonly measured: Money;
  readonly expected: ExpectedCharge;
}

/** null: nothing of it is approved. */
function pricedOf(one: PlacedIncident, number: number): Priced | null {
  const { contractId, chargeId, ticket, firm } = one;
  if (firm === null) return null;
  const { rule, price, inForce, day, work, sourceEventIds } = firm;
  const { terms, versionNumber: contractVersion } = inForce.version;
  const { currency } = terms.rateCard;
  const { includedPerPeriod: includedTickets } = price;
  const isFree = includedTickets !== undefined && number <= includedTickets;
  const plain = Money.of(isFree ? '0' : price.price, currency);
  const off = new PercentDiscounts(terms.discounts ?? []).of(work);
  const { exact, basis, steps } = discounted(plain, off);
  const net = exact.rounded();
  const before = basis === null ? '0' : basis.beforeMinimumPercent;
  const incident = { number: includedTickets === undefined ? null : number, percentOff: off.percent.toFixed() };
  const expected: ExpectedCharge = {
    chargeId,
    kind: 'incident',
    description: `${rule.name}, ticket ${ticket.ticketId}`,
    from: day,
    to: day,
    quantity: '1',
    unit: 'ticket',
    unitPrice: plain.rounded().toJSON(),
    net: net.toJSON(),
    taxCategory: price.taxCategory,
    contractId,
    contractVersion,
    ticketId: ticket.ticketId,
    sourceEventIds,
    basis: { ...NO_FIGURES, termId: rule.id, incident },
    trace: [...traceOf(one, number), ...steps.map((step) => step()), roundingStep(exact, net)],
    billableFrom: day,
  };
  return { net, measured: plain.times(new Decimal(100).minus(before)).dividedBy(100).rounded(), expected };
}

function traceOf(one: PlacedIncident, number: number): Trace {
  const { contractId, ticket, firm } = one;
  const { ticketId } = ticket;
  if (firm === null) return [];
  const { rule, price, inForce, day } = firm;
  const { versionNumber: contractVersion, terms } = inForce.version;
  const { currency } = terms.rateCard;
  const { includedPerPeriod: includedTickets } = price;
  const told =
    includedTickets === undefined
      ? ''
      : `; number ${number} of ${monthOfIncident(one)}, of which ${includedTickets} cost nothing`;
  return [
    {
      step: 'charge',
      text: `${rule.name} (${rule.id}) of contract ${contractId} version ${contractVersion}: ticket ${ticketId}, first work on ${day}`,
      facts: { chargeTermId: rule.id, contractId, contractVersion, ticketId, from: day },
    },
    {
      step: 'rate',
      text: `${price.price} ${currency} for the ticket, once, whatever time goes into it${told}`,
      facts: {
        price: price.price,
        currency,
        ...(includedTickets === undefined ? {} : { number, includedPerPeriod: includedTickets }),
      },
    },
  ];
}
