import { type MadeItem, changed } from '../item/made-item.js';
import type { Trace } from '../item/trace.js';
import type { TicketFacts } from './facts.js';

/**
 * A ticket as part of the one that it was merged into: whatever asks whose work it is, under which contract and rules, and whether it is resolved, asks
 * that one. Three things stay its own, for no merge may make work free, or charge for what was given: the site where its work was done (while both are of one
 * client), a declaration that it costs nothing, and what was said of its scope. What is declared of the other since the merge is declared of both; what was
 * said of the other's scope holds for what came to it as for its later work.
 */
export function partOf(own: TicketFacts, parent: TicketFacts, isNoChargeSince: boolean): TicketFacts {
  const { scope: _, ...rest } = parent;
  const isOfClient = own.clientId === null || own.clientId === parent.clientId;
  const scope = [...(own.scope ?? []), ...(parent.scope ?? [])].sort((a, b) => a.position - b.position);
  return {
    ...rest,
    siteId: (isOfClient ? own.siteId : null) ?? parent.siteId,
    noCharge: own.noCharge ?? (isNoChargeSince ? parent.noCharge : null),
    ...(scope.length === 0 ? {} : { scope }),
  };
}

/** The ticket that another was merged into; null: it stands for itself. `tickets`: by the ids that work names, as `PeriodFacts` has them. */
export function mergedInto(ticketId: string, tickets: ReadonlyMap<string, TicketFacts>): string | null {
  const root = tickets.get(ticketId)?.ticketId ?? ticketId;
  return root === ticketId ? null : root;
}

/** Items of merged tickets say so, and where their price is told it begins with it. */
export function toldOfMerges(
  made: readonly MadeItem[],
  tickets: ReadonlyMap<string, TicketFacts>,
): readonly MadeItem[] {
  const isAnyMerged = [...tickets].some(([ticketId, ticket]) => ticket.ticketId !== ticketId);
  if (!isAnyMerged) return made;
  return made.map((one) => {
    const { ticketId } = one.item;
    const into = mergedInto(ticketId, tickets);
    if (into === null) return one;
    return changed(one, {
      item: { ...one.item, mergedInto: into },
      trace: () => withMerge(one.trace(), ticketId, into),
    });
  });
}

/** After what the work is. */
function withMerge([work, ...steps]: Trace, ticketId: string, into: string): Trace {
  const text = `ticket ${ticketId} was merged into ${into}: it is rated as work of ${into}`;
  return [
    ...(work === undefined ? [] : [work]),
    { step: 'ticket', text, facts: { ticketId, mergedInto: into } },
    ...steps,
  ];
}
