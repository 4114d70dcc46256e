import type { Basis } from '../item/basis.js';
import type { FrozenItem } from '../item/frozen-item.js';
import { mergedInto } from '../rating/merged-ticket.js';
import type { TicketFacts } from '../rating/facts.js';

/** The ticket in the name of a scope that is a ticket's, or a ticket's day: as `roundingScope` and `pricingScopeOf` render it. */
const TICKET_IN_SCOPE = /(?<=, ticket )[^ ,]+(?= on \d|, rule |$)/;

/**
 * A settled item with the scopes of minimum, increment and price that are its ticket's under the names that they have now. Its ticket may have been merged
 * into another since, or taken out of one: work that is added to the ticket it is part of now finds what the item holds, so that a minimum which was
 * asked is not asked again.
 *
 * What was forgone of a ticket by itself stays by itself when that is merged, or another is merged into it: nobody forgave what the other costs.
 */
export function inScopesOfNow(
  item: FrozenItem,
  tickets: ReadonlyMap<string, TicketFacts>,
  stands: 'asked' | 'forgone' | 'before-merge',
): FrozenItem {
  const now = mergedInto(item.ticketId, tickets) ?? item.ticketId;
  const renamed = <Scope extends string | null | undefined>(scope: Scope): Scope | string =>
    typeof scope !== 'string'
      ? scope
      : scope.replace(TICKET_IN_SCOPE, (then) => {
          if (stands === 'asked' || (stands === 'forgone' && then !== item.ticketId)) return now;
          // No ticket has such an id.
          return then === now && stands === 'before-merge' ? `${now}@before-merge` : then;
        });
  const scoped = <Priced extends Pick<Basis, 'rounding' | 'price'>>(basis: Priced): Priced => {
    const { rounding, price } = basis;
    const scopeId = renamed(rounding?.scopeId);
    const scope = renamed(price?.scope);
    if (scopeId === rounding?.scopeId && scope === price?.scope) return basis;
    return {
      ...basis,
      rounding: rounding === null || scopeId === undefined || scopeId === null ? rounding : { ...rounding, scopeId },
      price: price === null || scope === undefined ? price : { ...price, scope },
    };
  };
  const { forgivenOf } = item.basis;
  const basis = scoped(item.basis);
  const line = forgivenOf === undefined ? undefined : scoped(forgivenOf);
  if (line === forgivenOf) return basis === item.basis ? item : { ...item, basis };
  return { ...item, basis: { ...basis, ...(line === undefined ? {} : { forgivenOf: line }) } };
}
