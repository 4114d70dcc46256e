import type { ClientPeriodFacts } from '../client-period.js';
import { rate } from '../rate.js';
import { countsIncidents } from '../rating/charges/incidents.js';
import type { TicketFacts, WorkItem } from '../rating/facts.js';
import type { CapUsed } from '../rating/prepaid/prepaid-facts.js';
import { usedUnderTicketCaps } from '../settled/later-caps.js';

/** Tickets as they are by themselves: one, and what was merged into it, by their own ids. */
export type TicketsSplitOff = ReadonlyMap<string, TicketFacts>;

/** The client-periods with tickets as they would be once they were split off: where their work is comes next. What was forgone of a ticket that is alone then, is forgone of it alone. */
export function withTicketsApart(
  periods: readonly ClientPeriodFacts[],
  apart: TicketsSplitOff,
): readonly ClientPeriodFacts[] {
  const groups = groupsOf(periods, apart);
  return periods.map((facts) => {
    const tickets = new Map([...facts.tickets].map(([id, ticket]) => [id, apart.get(id) ?? ticket]));
    const writtenOff = facts.writtenOff.map((one) => {
      const root = tickets.get(one.ticketId)?.ticketId ?? one.ticketId;
      if ((groups.get(root)?.size ?? 1) > 1) return one;
      const { beforeMerge: _, ...alone } = one;
      return alone;
    });
    return { ...facts, tickets, writtenOff };
  });
}

/**
 * The same once the work is where it belongs: fixed prices and caps are of each by itself. What earlier months have used of a cap is told by rating them in turn, what later
 * ones froze by their lines. `was`: the client-periods before, in the same order.
 */
export function countedApart(
  periods: readonly ClientPeriodFacts[],
  was: readonly ClientPeriodFacts[],
  apart: TicketsSplitOff,
): readonly ClientPeriodFacts[] {
  const roots = rootsOf(was, apart);
  const alone = periods.map(withOwnIncidents);
  const isCapped = was.some(({ carriedOver, laterCaps = [] }) =>
    [...(carriedOver?.caps ?? []), ...laterCaps].some(({ ticketId }) => roots.has(ticketId)),
  );
  if (!isCapped) return alone;
  const used = new Map<string, readonly CapUsed[]>();
  const counted = new Map<ClientPeriodFacts, ClientPeriodFacts>();
  for (const facts of [...alone].sort((one, other) => (one.period < other.period ? -1 : 1))) {
    const { clientId, carriedOver, laterCaps } = facts;
    const own = (caps: readonly CapUsed[]) => caps.filter(({ ticketId }) => roots.has(ticketId));
    const others = (caps: readonly CapUsed[]) => caps.filter(({ ticketId }) => !roots.has(ticketId));
    const before = used.get(clientId) ?? [];
    const capped: ClientPeriodFacts = {
      ...facts,
      ...(carriedOver && { carriedOver: { ...carriedOver, caps: [...others(carriedOver.caps), ...before] } }),
      ...(laterCaps && { laterCaps: [...others(laterCaps), ...own(frozenAfter(facts, alone))] }),
    };
    used.set(clientId, own(rate(capped).carriedOver.caps));
    counted.set(facts, capped);
  }
  return alone.map((facts) => counted.get(facts) ?? facts);
}

/** What later months of the client froze under the caps of tickets. */
function frozenAfter(
  { clientId, period, contracts, tickets }: ClientPeriodFacts,
  periods: readonly ClientPeriodFacts[],
): readonly CapUsed[] {
  const later = periods.filter((one) => one.clientId === clientId && one.period > period);
  const lines = later.flatMap(({ invoiced }) => invoiced.map(({ line }) => line));
  const known = new Map([...later.flatMap((one) => [...one.tickets]), ...tickets]);
  return usedUnderTicketCaps(
    lines.filter(({ ticketId }) => known.has(ticketId)),
    contracts,
    known,
  );
}

/** A fixed price counts the work in other months of the tickets that have some in this one, or a charge; where so many of a month cost nothing, of all that are known. */
function withOwnIncidents(facts: ClientPeriodFacts): ClientPeriodFacts {
  const { incidents, tickets, work, contracts, invoicedCharges = [] } = facts;
  if (incidents === undefined || contracts.some(countsIncidents)) return facts;
  const rootOf = (ticketId: string): string => tickets.get(ticketId)?.ticketId ?? ticketId;
  const here = new Set([
    ...work.map(({ ticketId }) => rootOf(ticketId)),
    ...invoicedCharges.flatMap(({ charge: { ticketId } }) => (ticketId === null ? [] : [rootOf(ticketId)])),
  ]);
  const isCounted = ({ ticketId }: WorkItem): boolean => here.has(rootOf(ticketId));
  return { ...facts, incidents: { ...incidents, work: incidents.work.filter(isCounted) } };
}

/** The tickets as whose work any of this is rated, before and after. */
function rootsOf(was: readonly ClientPeriodFacts[], apart: TicketsSplitOff): ReadonlySet<string> {
  const before = was.flatMap(({ tickets }) => [...apart.keys()].flatMap((id) => tickets.get(id)?.ticketId ?? []));
  return new Set([...before, ...[...apart.values()].map(({ ticketId }) => ticketId)]);
}

/** By the ticket as whose work theirs is rated, all tickets that are one with it. */
function groupsOf(
  periods: readonly ClientPeriodFacts[],
  apart: TicketsSplitOff,
): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { tickets } of periods)
    for (const [id, ticket] of [...tickets, ...apart]) {
      const { ticketId: root } = apart.get(id) ?? ticket;
      groups.set(root, (groups.get(root) ?? new Set()).add(id));
    }
  return groups;
}
