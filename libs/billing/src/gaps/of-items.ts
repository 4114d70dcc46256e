import { piecesOf } from '../rating/quantities.js';
import { netCostOf } from '../rating/price/goods-rate.js';
import { type LocalDate, Money, type MoneyJson, addDays, invariant, known } from '@billtrail/kernel';
import type { GapKind } from '../events.js';
import { type BillableItem, valueDrawn } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import type { Assessed } from '../rating/assessed.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { declaredOutOfScope } from '../rating/coverage/scope.js';
import type { DerivedGap, TicketFacts, WorkItem } from '../rating/facts.js';
import { withClaim } from '../settled/claimed.js';
import { type ClaimLeft, claimLeft, claimsOf } from './of-warranty.js';

/** A ticket that has come to its end, so that its work must be accounted for. */
interface Resolved {
  readonly on: LocalDate;
  readonly eventIds: readonly string[];
}

/** Of a ticket that was opened again, of the work until then. `recordedAt`: undefined of work that is gone. */
function resolutionOf(ticket: TicketFacts, recordedAt: number | undefined): Resolved | null {
  if (ticket.resolvedOn === null) return null;
  if (ticket.reopened !== undefined && recordedAt !== undefined && recordedAt > ticket.reopened.position) return null;
  return { on: ticket.resolvedOn, eventIds: ticket.resolvedEventId === null ? [] : [ticket.resolvedEventId] };
}

/**
 * The gaps that a client-period's items show: `unpriced` at once; of resolved tickets `time-unapproved` at once and `unbilled` after the
 * billing delay (of what is approved or rejected: what nobody decided on yet is `time-unapproved`, so that no money stands in two gaps). Settled
 * items have no gap but `contract-mismatch` (`mismatchGaps`).
 */
export function gapsOfItems(
  items: readonly MadeItem[],
  assessed: readonly Assessed[],
  facts: ClientPeriodFacts,
): readonly DerivedGap[] {
  const gaps: DerivedGap[] = [];
  const work = workOf(items, assessed);
  const waits = new Map<string, Wait>();
  const recordedAt = positionsIfReopened(facts);
  const claims = claimsOf(facts.work);
  for (const made of items) {
    const item = withClaim(made.item, facts.claimed);
    if (item.disposition === 'invoiced' || item.disposition === 'written-off') continue;
    if (item.disposition === 'unpriced') gaps.push(capGap(made) ?? unpricedGap(made, work.get(item.workItemId)));
    const ticket = known(facts.tickets, item.ticketId, 'the ticket of an item,');
    const resolved = resolutionOf(ticket, recordedAt.get(item.workItemId));
    if (item.approval === 'unapproved') {
      if (resolved !== null) gaps.push(unapprovedGap(item, resolved, drawnOf(item, ticket, facts)));
    } else if (item.disposition === 'billable' || item.disposition === 'claimed') {
      if (resolved !== null) gaps.push(unbilledGap(item, resolved, facts.configuration.unbilledAfterDays, waits));
    }
    const left = item.disposition === 'covered' ? claimLeft(claims.get(item.itemId), item) : null;
    if (left !== null && resolved !== null)
      gaps.push(claimGap(item, left, resolved, facts.configuration.unbilledAfterDays));
  }
  return gaps;
}

const NO_POSITIONS: ReadonlyMap<string, number> = new Map();

/** When each piece of work was recorded: asked only of tickets that were opened again, which few are. */
function positionsIfReopened({ tickets, work }: ClientPeriodFacts): ReadonlyMap<string, number> {
  for (const { reopened } of tickets.values())
    if (reopened !== undefined) return new Map(work.map(({ workItemId, position }) => [workItemId, position]));
  return NO_POSITIONS;
}

/** The work of items without a price, by its id: nearly all items have one. What is above a cap is valued by the cap. */
function workOf(items: readonly MadeItem[], assessed: readonly Assessed[]): ReadonlyMap<string, WorkItem> {
  const wanted = new Set<string>();
  for (const { item } of items)
    if (item.disposition === 'unpriced' && item.unpriced?.reason !== 'above-cap') wanted.add(item.workItemId);
  const work = new Map<string, WorkItem>();
  if (wanted.size === 0) return work;
  for (const one of assessed) if (wanted.has(one.work.workItemId)) work.set(one.work.workItemId, one.work);
  return work;
}

/** Why an item has no price. */
function whyUnpriced({ item, cause = item.unpriced?.cause }: Pick<MadeItem, 'item' | 'cause'>): string {
  invariant(cause !== undefined, `nothing says why item ${item.itemId} has no price`);
  return cause;
}

/** What is above a cap, where the contract does not forgo it: its value is what it would cost. */
function capGap(made: MadeItem): DerivedGap | null {
  if (made.item.unpriced?.reason !== 'above-cap') return null;
  const { cap } = made.basis();
  invariant(cap !== null && cap.above !== null, () => `nothing says what of ${made.item.itemId} is above its cap`);
  const money = { amount: cap.above, currency: cap.currency };
  return gapOf('cap-exceeded', made.item, { money, cause: whyUnpriced(made) });
}

interface Story {
  readonly money: MoneyJson | null;
  readonly cause: string;
  readonly alsoEventIds?: readonly string[];
  readonly dueOn?: LocalDate | null;
}

function gapOf(kind: GapKind, item: BillableItem, story: Story): DerivedGap {
  return {
    kind,
    ticketId: item.ticketId,
    clientId: item.clientId,
    period: item.period,
    workItemId: item.workItemId,
    valueAtRisk: { money: story.money, minutes: item.actualMinutes },
    cause: story.cause,
    sourceEventIds:
      story.alsoEventIds === undefined ? item.sourceEventIds : [...item.sourceEventIds, ...story.alsoEventIds],
    dueOn: story.dueOn ?? null,
  };
}

/** Work without a price: its value is its minutes, or what it cost. */
export function unpricedGap(made: Pick<MadeItem, 'item' | 'cause'>, work: WorkItem | undefined): DerivedGap {
  const { item } = made;
  const isWhole = item.itemId === item.workItemId && work !== undefined;
  return gapOf('unpriced', item, { money: isWhole ? costOf(work) : null, cause: whyUnpriced(made) });
}

function costOf(work: WorkItem): MoneyJson | null {
  if (work.kind === 'time') return null;
  const each =
    netCostOf(work) ?? (work.kind === 'material' && work.listPrice !== null ? Money.from(work.listPrice) : null);
  return each?.times(piecesOf(work)).rounded().toJSON() ?? null;
}

/** What of an item is drawn from what was prepaid, at the card's price; null: nothing, or `scope-suspected` has its value. */
function drawnOf(item: BillableItem, ticket: TicketFacts, { work }: ClientPeriodFacts): MoneyJson | null {
  if (item.draw === undefined) return null;
  const own = ticket.scope && work.find(({ workItemId }) => workItemId === item.workItemId);
  if (own !== undefined && declaredOutOfScope(ticket, own.position) !== null) return null;
  return valueDrawn(item);
}

const NAMED: Readonly<Record<BillableItem['kind'], string>> = {
  time: 'this time',
  material: 'these goods',
  expense: 'this expense',
};

/** Work of a resolved ticket that nobody approved or rejected: no draft may take it, and what it draws is no more the client's than what it asks. The kind is called as when time alone was approved (ADR 24). */
export function unapprovedGap(
  item: BillableItem,
  resolved: { readonly on: LocalDate; readonly eventIds: readonly string[] },
  drawn: MoneyJson | null = null,
): DerivedGap {
  return gapOf('time-unapproved', item, {
    money: drawn ?? item.net,
    cause: `the ticket was resolved on ${resolved.on}, and nobody approved or rejected ${NAMED[item.kind]}`,
    alsoEventIds: resolved.eventIds,
  });
}

/** Goods that a supplier is to pay for: the client is asked nothing, and nobody else has paid. It ends by the supplier's credit, or somebody accepts it. */
function claimGap(
  item: BillableItem,
  { claim, money, isPart, isAlone, creditEventIds, foreign = [] }: ClaimLeft,
  { on, eventIds }: Resolved,
  days: number,
): DerivedGap {
  const paid = isPart ? 'has paid for a part of it' : 'has paid nothing for it';
  const alone =
    isPart && isAlone
      ? '; a credit pays for no more than its amount until somebody approves the claim who did not record or correct it'
      : '';
  const apart =
    foreign.length === 0 ? '' : `; ${foreign.join(' and ')} of it is in another currency, and counts nothing`;
  return gapOf('unbilled', item, {
    money,
    cause: `the ticket was resolved on ${on}, and ${days} days later the supplier ${paid}: under warranty by claim ${claim}${alone}${apart}`,
    alsoEventIds: [...eventIds, ...creditEventIds],
    dueOn: addDays(on, days),
  });
}

function unbilledGap(item: BillableItem, resolved: Resolved, days: number, waits: Map<string, Wait>): DerivedGap {
  const isRejected = item.approval === 'rejected';
  const rejected = isRejected ? item.kind : null;
  const key = isRejected ? `${resolved.on} rejected ${item.kind}` : resolved.on;
  let wait = waits.get(key);
  if (wait === undefined) waits.set(key, (wait = waitOf(resolved.on, days, rejected)));
  const { cause, dueOn } = wait;
  return gapOf('unbilled', item, { money: item.net, cause, alsoEventIds: resolved.eventIds, dueOn });
}

/** What is the same for all items of tickets that were resolved on one day. */
interface Wait {
  readonly cause: string;
  readonly dueOn: LocalDate;
}

function waitOf(resolvedOn: LocalDate, days: number, rejectedKind: BillableItem['kind'] | null): Wait {
  const rejected =
    rejectedKind === null ? '' : `; its ${rejectedKind} was rejected and neither corrected nor voided since`;
  return {
    cause: `the ticket was resolved on ${resolvedOn}, and the item is on no issued invoice ${days} days later${rejected}`,
    dueOn: addDays(resolvedOn, days),
  };
}
