import type { ChargeGap } from '../item/charge-item.js';
import type { DerivedGap } from '../rating/facts.js';

/** The gap of a charge among the gaps of tickets: no ticket and no work item, but a contract and its charge. */
export function derivedGapOfCharge(gap: ChargeGap): DerivedGap {
  const { kind, clientId, period, contractId, chargeId, valueAtRisk, cause, sourceEventIds, dueOn } = gap;
  return {
    kind,
    ticketId: null,
    clientId,
    period,
    workItemId: null,
    valueAtRisk: { money: valueAtRisk, minutes: null },
    cause,
    sourceEventIds,
    dueOn,
    charge: { contractId, chargeId },
  };
}
