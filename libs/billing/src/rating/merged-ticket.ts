import { type MadeItem, changed } from '../item/made-item.js';
import type { Trace } from '../item/trace.js';
import type { TicketFacts } from './facts.js';

/**
 * A ticket as part of the one that it was merged into: whose work it is, whether it is resolved, and what is counted for a whole ticket is asked of that
 * one. What prices its work stays its own, for no merge may make work free, or charge for what was given: contract, category, type and priority as it was
 * recorded, the site where it was done, a declaration that it costs nothing, and what was said of its scope. A contract and a site are of a client: where the
 * other has gone to another client, those of the other count. What is declared of the other since the merge is declared of both; what was said of the
 * other's scope holds for what came to it as for its later work. What was resolved stays so when it comes to a ticket that is not yet: its work is accounted
 * for from its own day on, where it was opened again its work until then.
 */
export function partOf(own: TicketFacts, parent: TicketFacts, isNoChargeSince: boolean): TicketFacts {
  const { scope: _, reopened: __, alsoHeldBefore: ___, ...rest } = parent;
  const isOfClient = own.clientId === null || own.clientId === parent.clientId;
  const { category, ticketType, priority } = own;
  const { resolvedOn, resolvedEventId, reopened } = resolutionOf(own, parent);
  const scope = [...(own.scope ?? []), ...(parent.scope ?? [])].sort((a, b) => a.position - b.position);
  const part: TicketFacts = {
    ...rest,
    contractId: isOfClient ? own.contractId : parent.contractId,
    category,
    ticketType,
    priority,
    resolvedOn,
    resolvedEventId,
    siteId: (isOfClient ? own.siteId : null) ?? parent.siteId,
    noCharge: (isNoChargeSince ? parent.noCharge : null) ?? own.noCharge,
    ...(scope.length === 0 ? {} : { scope }),
    ...(reopened && { reopened }),
  };
  const held = Math.max(heldBefore(own), heldBefore(parent));
  return held > heldBefore(part) ? { ...part, alsoHeldBefore: held } : part;
}

/** The position before which the work was recorded that the ticket was resolved with; 0: none, infinite: all. */
export function heldBefore({ resolvedOn, reopened, alsoHeldBefore = 0 }: TicketFacts): number {
  const own = resolvedOn === null ? 0 : (reopened?.position ?? Number.POSITIVE_INFINITY);
  return Math.max(own, alsoHeldBefore);
}

/** Its own resolution, unless it was opened again and the other one is resolved: then all its work is accounted for. */
function resolutionOf(
  own: TicketFacts,
  parent: TicketFacts,
): Pick<TicketFacts, 'resolvedOn' | 'resolvedEventId' | 'reopened'> {
  if (own.resolvedOn === null) return parent;
  const isOverBoth = own.reopened !== undefined && parent.resolvedOn !== null && parent.reopened === undefined;
  return isOverBoth ? parent : own;
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
  const text = `ticket ${ticketId} was merged into ${into}: what counts for a whole ticket counts for both`;
  return [
    ...(work === undefined ? [] : [work]),
    { step: 'ticket', text, facts: { ticketId, mergedInto: into } },
    ...steps,
  ];
}
