import type { BillableItem } from '@billtrail/billing';
import { addTo } from '@billtrail/kernel';
import type { ContractTerms, RateCard } from '@billtrail/contracts';
import type { Findings } from './findings.js';
import { fraction, halfUp, minorOf, minorUnits, sumOf } from './integers.js';
import type { Look } from './look.js';
import { type Model, type ModelTicket, type ModelWork, ownId } from './model.js';

type Discounts = NonNullable<ContractTerms['discounts']>;
type ModelTime = Extract<ModelWork, { readonly kind: 'time' }>;

/**
 * L1 of a minimum or a flat price that a ticket has once: what its time is invoiced at, what waits to be billed and what gaps tell of it are together what
 * the time of the ticket comes to, each cent once, whatever befell the work that shared it. Asked where one price holds for all of it, under the latest
 * version; what was forgone may be more than it is worth by now, for nobody was asked for that.
 *
 * Work on a draft counts as what it is to be billed at by now, which its item shows. A gap says how the draft's line differs from that: it is no more money.
 */
export function wrongSharedPrices({ model, observed }: Look): Findings {
  return [...groupsOf(model, observed.items)].flatMap(([group, items]) => {
    const worth = worthOf(model, items);
    if (worth === null) return [];
    const settled = new Set(items.filter(isSettled).map(workOf));
    const told = observed.derivedGaps.filter(
      ({ kind, ticketId, workItemId, clientId, period }) =>
        kind === 'contract-mismatch' &&
        settled.has(`${ticketId ?? ''} ${workItemId ?? ''}`) &&
        group.startsWith(`${clientId ?? ''}-${period ?? ''} `),
    );
    // Of work that is settled in part and on a draft in part a gap may be about either.
    const drafted = new Set(items.filter(isDrafted).map(workOf));
    if (told.some(({ ticketId, workItemId }) => drafted.has(`${ticketId ?? ''} ${workItemId ?? ''}`))) return [];
    const amountOf = (all: readonly BillableItem[]): bigint =>
      sumOf(all.map(({ net }) => (net === null ? 0n : minorOf(net))));
    const gaps = sumOf(told.map(({ valueAtRisk: { money } }) => (money === null ? 0n : minorOf(money))));
    const stands = amountOf(items) + gaps;
    const forgone = amountOf(items.filter(({ disposition }) => disposition === 'written-off'));
    // Each line is rounded by itself.
    const cents = BigInt(items.length);
    if (stands >= worth - cents && stands <= worth + forgone + cents) return [];
    return [`${group}: its time comes to ${worth}, and ${stands} minor units are asked, to be billed, or told by gaps`];
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

function workOf({ ticketId, workItemId }: BillableItem): string {
  return `${ticketId} ${workItemId}`;
}

function isSettled({ disposition }: BillableItem): boolean {
  return disposition === 'invoiced' || disposition === 'written-off';
}

/** True of work on a draft, or a part of it; what adjusts settled work is held against its worth with that. */
function isDrafted({ disposition, itemId }: BillableItem): boolean {
  return disposition === 'claimed' && !/@[axdwc]\d+$/.test(itemId);
}

/** null: this reading can't tell. */
function worthOf(model: Model, items: readonly BillableItem[]): bigint | null {
  const [first] = items;
  if (first === undefined) return null;
  const { contractId, contractVersion } = first;
  const terms = model.terms.get(`${contractId} ${contractVersion}`);
  if (terms === undefined || model.terms.has(`${contractId} ${Number(contractVersion) + 1}`)) return null;
  // A card that is named is of one version or another, by the day.
  const { rateCard, coverage, caps, discounts = [] } = terms;
  if (rateCard.card !== undefined || caps !== undefined) return null;
  if (coverage.some(({ outcome }) => outcome !== 'billable')) return null;
  const isAlike = items.every(
    (item) =>
      item.contractId === contractId &&
      item.contractVersion === contractVersion &&
      item.draw === undefined &&
      (item.approval === null || item.approval === 'approved'),
  );
  const work = isAlike ? liveWorkOf(model, items) : null;
  return work && (worthByMinutes(rateCard, discounts, work, items) ?? worthOfFlatPrice(rateCard, discounts, work));
}

/** The work of the items that is not gone: of what was voided all that was asked is given back. null: this reading can't tell what it is worth. */
function liveWorkOf(model: Model, items: readonly BillableItem[]): readonly ModelTime[] | null {
  const work = new Map<string, ModelTime>();
  for (const item of items) {
    const ticket = model.tickets.get(item.ticketId);
    const one = ticket?.works.get(ownId(item));
    if (ticket === undefined || model.isFree(ticket, ownId(item))) return null;
    if (one === undefined) continue;
    if (
      one.kind !== 'time' ||
      one.approval !== 'approved' ||
      one.override !== null ||
      ticket.courtesies.has(one.id) ||
      !isAllOf(model, ticket, one, item)
    )
      return null;
    work.set(workOf(item), one);
  }
  return [...work.values()];
}

/** At one price of an hour, rounded once for the ticket. */
function worthByMinutes(
  rateCard: RateCard,
  discounts: Discounts,
  work: readonly ModelTime[],
  items: readonly BillableItem[],
): bigint | null {
  const price = items[0]?.unitPrice ?? null;
  if (price === null || discounts.length > 0 || !isPlain(rateCard)) return null;
  if (items.some(({ unit, unitPrice }) => unit !== 'h' || unitPrice?.amount !== price.amount)) return null;
  const minutes = work.reduce((sum, { facts }) => sum + (facts.statedBillableMinutes ?? facts.minutes), 0);
  const { minimumMinutes, incrementMinutes } = rateCard;
  const billed =
    work.length === 0 ? 0 : Math.ceil(Math.max(minutes, minimumMinutes) / incrementMinutes) * incrementMinutes;
  const { over, under } = fraction(price.amount);
  return halfUp(over * BigInt(billed) * minorUnits(price.currency), under * 60n);
}

/** At one price of the ticket, whatever the minutes of the one type of work in it. */
function worthOfFlatPrice(rateCard: RateCard, discounts: Discounts, work: readonly ModelTime[]): bigint | null {
  const [first] = work;
  if (first === undefined || rateCard.rateClassMultipliers !== undefined) return null;
  // An amount off is a line of its own.
  if (discounts.some(({ kind }) => kind !== 'amount')) return null;
  const pricing = rateCard.workTypes?.find(({ workType }) => workType === first.facts.workType);
  if (pricing?.mode !== 'flat' || pricing.per !== 'ticket') return null;
  const isOfPrice = ({ facts }: ModelTime): boolean =>
    facts.workType === pricing.workType && facts.minutes > 0 && facts.statedBillableMinutes === null;
  return work.every(isOfPrice) ? minorOf({ amount: pricing.price, currency: rateCard.currency }) : null;
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
