import { Money } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { IncidentFacts, TicketFacts, WorkItem } from '../rating/facts.js';
import { partOf } from '../rating/merged-ticket.js';
import type { CapUsed } from '../rating/prepaid/prepaid-facts.js';

/**
 * The client-periods as they would be if a ticket, with all that was merged into it, were merged into another: what is counted for a whole ticket is counted for both, once.
 * `periods`: all that have work of either. `other`: the facts of that one, which may have no work itself, but what was merged into it; absent, where it has none, they are
 * as they were.
 */
export function merged(
  periods: readonly ClientPeriodFacts[],
  ticketId: string,
  into: string,
  other?: TicketFacts,
): readonly ClientPeriodFacts[] {
  const parent = periods.map(({ tickets }) => tickets.get(into)).find((one) => one !== undefined) ?? other;
  if (parent === undefined || parent.ticketId === ticketId) return periods;
  const root = parent.ticketId;
  const tree = treeOf(periods, ticketId, parent);
  const isInTree = (one: { readonly ticketId: string }): boolean => tree.has(one.ticketId);
  const work = distinct(
    periods.flatMap((facts) => [...facts.work, ...(facts.incidents?.work ?? [])].filter(isInTree)),
    ({ workItemId }) => workItemId,
  );
  const elsewhere = heldForIncidents(periods);
  return periods.map((facts) => {
    if (![...facts.tickets.keys()].some((id) => tree.has(id))) return facts;
    const { carriedOver, laterCaps, writtenOff, incidents } = facts;
    // What a ticket left with the client that it was of before has no price there any more.
    const isOfClient = facts.clientId === parent.clientId;
    const forgone = <W extends { readonly ticketId: string }>(one: W): W =>
      isInTree(one) ? { ...one, beforeMerge: true } : one;
    return {
      ...facts,
      tickets: new Map([...facts.tickets, ...tree]),
      writtenOff: writtenOff.map(forgone),
      ...(carriedOver && { carriedOver: { ...carriedOver, caps: usedTogether(carriedOver.caps, ticketId, root) } }),
      ...(laterCaps && { laterCaps: usedTogether(laterCaps, ticketId, root) }),
      ...(incidents && isOfClient && { incidents: together(facts, incidents, { work, ...elsewhere }) }),
    };
  });
}

/** All tickets that would be one, each as part of it, by their own ids. */
function treeOf(
  periods: readonly ClientPeriodFacts[],
  ticketId: string,
  parent: TicketFacts,
): ReadonlyMap<string, TicketFacts> {
  const tree = new Map<string, TicketFacts>();
  for (const { tickets } of periods)
    for (const [id, ticket] of tickets) {
      if (ticket.ticketId === parent.ticketId) tree.set(id, ticket);
      if (ticket.ticketId === ticketId) tree.set(id, partOf(ticket, parent, false));
    }
  return tree;
}

type Held = Pick<IncidentFacts, 'settled' | 'asked'>;

/** What documents hold for fixed prices of tickets, in all of the periods. */
function heldForIncidents(periods: readonly ClientPeriodFacts[]): Held {
  const settled = periods.flatMap(({ incidents }) => incidents?.settled ?? []);
  const asked = periods.flatMap(({ incidents, invoicedCharges = [], period }) => [
    ...(incidents?.asked ?? []),
    ...invoicedCharges.map(({ charge: { chargeId } }) => ({ chargeId, period })),
  ]);
  const keyOf = (one: Held['settled'][number]): string => JSON.stringify([one.itemId, one.workItemId, one.period]);
  return {
    settled: distinct(settled, keyOf),
    asked: distinct(asked, ({ chargeId, period }) => JSON.stringify([chargeId, period])),
  };
}

/** A fixed price of a ticket is asked once, over all months of both. */
function together(
  { work: here, period }: ClientPeriodFacts,
  { work: known }: IncidentFacts,
  { work, settled, asked }: IncidentFacts,
): IncidentFacts {
  const own = new Set(here.map(({ workItemId }) => workItemId));
  const all: readonly WorkItem[] = [...known, ...work];
  return {
    work: distinct(
      all.filter(({ workItemId }) => !own.has(workItemId)),
      ({ workItemId }) => workItemId,
    ),
    settled,
    asked: asked.filter((one) => one.period !== period),
  };
}

/** What was billed under a cap of either is billed under that of both. */
function usedTogether(caps: readonly CapUsed[], ticketId: string, root: string): readonly CapUsed[] {
  const used = new Map<string, CapUsed>();
  for (const cap of caps) {
    const one = cap.ticketId === ticketId ? { ...cap, ticketId: root } : cap;
    const key = JSON.stringify([one.contractId, one.capId, one.ticketId]);
    const before = used.get(key);
    const billed = before ? Money.from(before.billed).plus(Money.from(one.billed)).toJSON() : one.billed;
    used.set(key, { ...one, billed });
  }
  return [...used.values()];
}

function distinct<One>(all: readonly One[], keyOf: (one: One) => string): readonly One[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}
