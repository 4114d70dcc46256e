import type { BillableItem } from '@billtrail/billing';
import { addTo } from '@billtrail/kernel';
import type { RateCard } from '@billtrail/contracts';
import type { Findings } from './findings.js';
import { fraction, halfUp, minorOf, minorUnits, sumOf } from './integers.js';
import type { Look } from './look.js';
import { type Model, type ModelTicket, type ModelWork, ownId } from './model.js';

type ModelTime = Extract<ModelWork, { readonly kind: 'time' }>;

/**
 * L1 of a minimum that a ticket has once: what its time is invoiced at, what waits to be billed and what gaps tell of it are together what the minutes of the
 * ticket come to, each cent once, whatever befell the work that shared it. Asked where one price of an hour holds for all of it, under the latest
 * version; what was forgone may be more than it is worth by now, for nobody was asked for that.
 */
export function wrongSharedMinimums({ model, observed }: Look): Findings {
  return [...groupsOf(model, observed.items)].flatMap(([group, items]) => {
    const worth = worthOf(model, items);
    if (worth === null) return [];
    const ids = new Set(items.map(({ ticketId, workItemId }) => `${ticketId} ${workItemId}`));
    const told = observed.derivedGaps.filter(
      ({ kind, ticketId, workItemId, clientId, period }) =>
        kind === 'contract-mismatch' &&
        ids.has(`${ticketId ?? ''} ${workItemId ?? ''}`) &&
        group.startsWith(`${clientId ?? ''}-${period ?? ''} `),
    );
    const amountOf = (all: readonly BillableItem[]): bigint =>
      sumOf(all.map(({ net }) => (net === null ? 0n : minorOf(net))));
    const gaps = sumOf(told.map(({ valueAtRisk: { money } }) => (money === null ? 0n : minorOf(money))));
    const stands = amountOf(items) + gaps;
    const forgone = amountOf(items.filter(({ disposition }) => disposition === 'written-off'));
    // Each line is rounded by itself.
    const cents = BigInt(items.length);
    if (stands >= worth - cents && stands <= worth + forgone + cents) return [];
    return [
      `${group}: its minutes come to ${worth}, and ${stands} minor units are asked, to be billed, or told by gaps`,
    ];
  });
}

/** The time of each account by the ticket as whose work it counts. */
function groupsOf(model: Model, items: readonly BillableItem[]): ReadonlyMap<string, readonly BillableItem[]> {
  const groups = new Map<string, BillableItem[]>();
  for (const item of items) {
    const ticket = model.tickets.get(item.ticketId);
    if (item.kind !== 'time' || ticket === undefined) continue;
    const group = `${item.clientId ?? ''}-${item.period} ${model.rootOf(ticket).ticketId}`;
    addTo(groups, group, item);
  }
  return groups;
}

/** null: this reading can't tell. */
function worthOf(model: Model, items: readonly BillableItem[]): bigint | null {
  const [first] = items;
  if (first === undefined) return null;
  const { contractId, contractVersion, unitPrice } = first;
  const terms = model.terms.get(`${contractId} ${contractVersion}`);
  if (terms === undefined || unitPrice === null || model.terms.has(`${contractId} ${Number(contractVersion) + 1}`))
    return null;
  // A card that is named is of one version or another, by the day.
  if (
    terms.rateCard.card !== undefined ||
    !isPlain(terms.rateCard) ||
    terms.caps !== undefined ||
    terms.discounts !== undefined
  )
    return null;
  if (terms.coverage.some(({ outcome }) => outcome !== 'billable')) return null;
  const isAlike = items.every(
    (item) =>
      item.contractId === contractId &&
      item.contractVersion === contractVersion &&
      item.unitPrice?.amount === unitPrice.amount &&
      item.unit === 'h' &&
      item.draw === undefined &&
      (item.approval === null || item.approval === 'approved'),
  );
  if (!isAlike) return null;
  const work = new Map<string, { readonly ticket: ModelTicket; readonly work: ModelTime }>();
  for (const item of items) {
    const ticket = model.tickets.get(item.ticketId);
    const one = ticket?.works.get(ownId(item));
    if (ticket === undefined || model.isFree(ticket)) return null;
    // Voided: what was asked of it is given back.
    if (one === undefined) continue;
    if (
      one.kind !== 'time' ||
      one.approval !== 'approved' ||
      one.override !== null ||
      ticket.courtesies.has(one.id) ||
      !isAllOf(model, ticket, one, item)
    )
      return null;
    work.set(`${item.ticketId} ${ownId(item)}`, { ticket, work: one });
  }
  const minutes = [...work.values()].reduce(
    (sum, { work: { facts } }) => sum + (facts.statedBillableMinutes ?? facts.minutes),
    0,
  );
  const { minimumMinutes, incrementMinutes } = terms.rateCard;
  const billed =
    work.size === 0 ? 0 : Math.ceil(Math.max(minutes, minimumMinutes) / incrementMinutes) * incrementMinutes;
  const price = fraction(unitPrice.amount);
  return halfUp(price.over * BigInt(billed) * minorUnits(unitPrice.currency), price.under * 60n);
}

function isPlain({
  roundingScope,
  rounding = 'up',
  roundingRules,
  rateClassMultipliers,
  workTypes,
}: RateCard): boolean {
  const isByTheHour = roundingRules === undefined && rateClassMultipliers === undefined && workTypes === undefined;
  return roundingScope === 'ticket' && rounding === 'up' && isByTheHour;
}

/** True of work that lies in the account of the item and in no other. */
function isAllOf(model: Model, ticket: ModelTicket, work: ModelTime, { clientId, period }: BillableItem): boolean {
  const accounts = model.hasKnownMonth(ticket, work) ? [...model.accountsOf(ticket, work).keys()] : [];
  return accounts.length === 1 && accounts[0] === `${clientId ?? ''}-${period}`;
}
