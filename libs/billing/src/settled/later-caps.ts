import { Money, known } from '@billtrail/kernel';
import { beforeCourtesy } from '../item/courtesy.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { ContractFacts, TicketFacts } from '../rating/facts.js';
import { inCapOrder } from '../rating/caps/cap-usage.js';
import { capsOf } from './caps-used.js';
import { countsUnder } from './under-cap.js';
import type { CapUsed } from '../rating/prepaid/prepaid-facts.js';

/**
 * What invoiced lines take of the caps on tickets, in the order of contract, cap and ticket: `laterCaps` of a period from the lines that later
 * periods froze. What was drawn on a block is not held by a cap.
 */
export function usedUnderTicketCaps(
  lines: readonly InvoiceLine[],
  contracts: readonly ContractFacts[],
  tickets: ReadonlyMap<string, TicketFacts>,
): readonly CapUsed[] {
  const used = new Map<string, CapUsed>();
  const asked = lines.map(beforeCourtesy);
  for (const contract of contracts) {
    const { contractId } = contract;
    for (const cap of capsOf(contract)) {
      if (cap.scope !== 'ticket') continue;
      for (const line of asked) {
        if (!countsUnder(line, contractId, cap, tickets)) continue;
        const { ticketId } = known(tickets, line.ticketId, 'the ticket of settled work,');
        const key = JSON.stringify([contractId, cap.id, ticketId]);
        const net = Money.from(line.net);
        const before = used.get(key);
        const billed = before === undefined ? net : Money.from(before.billed).plus(net);
        used.set(key, { contractId, capId: cap.id, ticketId, billed: billed.toJSON() });
      }
    }
  }
  return [...used.values()].sort(inCapOrder);
}
