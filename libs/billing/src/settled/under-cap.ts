import { type MoneyJson, known } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { FrozenItem } from '../item/frozen-item.js';
import { itemToMatch, matches } from '../rating/coverage/matching.js';
import { isByCardAlone } from '../rating/coverage/scope.js';
import type { TicketFacts } from '../rating/facts.js';

/**
 * True for a settled item that counts under a cap of a contract: it was priced by that contract, and the cap is about it. What is drawn on a block
 * is not held, nor what is out of scope of the contract.
 */
export function countsUnder<Item extends FrozenItem>(
  item: Item,
  contractId: string,
  cap: Cap,
  tickets: ReadonlyMap<string, TicketFacts>,
): item is Item & { readonly net: MoneyJson } {
  if (item.net === null || item.draw !== undefined || item.contractId !== contractId) return false;
  if (isByCardAlone(item.basis.ruleId)) return false;
  const ticket = known(tickets, item.ticketId, 'the ticket of settled work,');
  return matches(cap.match, itemToMatch(item, item.basis, ticket));
}
