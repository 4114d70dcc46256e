import { Money, known } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import { CapUsage } from '../rating/caps/cap-usage.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts } from '../rating/facts.js';
import { billedOnce } from './settled-work.js';
import { countsUnder } from './under-cap.js';

/** Each cap of a contract once: it keeps its id, not its amount, from version to version; the latest stands for it. */
export function capsOf({ versions }: ContractFacts): readonly Cap[] {
  const caps = new Map<string, Cap>();
  for (const { terms } of versions) for (const cap of terms.caps ?? []) caps.set(cap.id, cap);
  return [...caps.values()];
}

/**
 * Caps with what is settled of the period under them. Work that was voided or moved out of the period is given back by an adjustment, so it takes
 * no room; what is drawn on a block is not held.
 */
export function settledCaps(facts: ClientPeriodFacts): CapUsage {
  const usage = new CapUsage(facts);
  const billed = billedOnce(facts);
  if (billed.length === 0) return usage;
  const live = new Set(facts.work.map(({ workItemId }) => workItemId));
  for (const contract of facts.contracts) {
    if (contract.clientId !== facts.clientId) continue;
    const { contractId } = contract;
    for (const cap of capsOf(contract)) {
      for (const line of billed) {
        if (!live.has(line.workItemId) || !countsUnder(line, contractId, cap, facts.tickets)) continue;
        const { net } = line;
        const { ticketId } = known(facts.tickets, line.ticketId, 'the ticket of settled work,');
        usage.use(cap, { contractId, ticketId, currency: net.currency }, Money.from(net));
      }
    }
  }
  return usage;
}
