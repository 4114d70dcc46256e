import { unreachable, type LocalDate } from '@billtrail/kernel';
import type { WorkItem } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import type { Rounding } from './rounding.js';

/**
 * What minimum and increment are applied to, as a text: an entry, whatever contract its stretches fall under; or the work of one ticket (on one day)
 * under one rounding rule of a contract, whichever of its versions are in force. `beganOn`: the day on which the entry began in the billing period, so
 * that a midnight cuts no scope.
 */
export function roundingScope(
  { contract: { contractId } }: Pick<InForce, 'contract'>,
  { scope, rule }: Rounding,
  { ticketId, workItemId }: Pick<WorkItem, 'ticketId' | 'workItemId'>,
  beganOn: LocalDate,
): string {
  switch (scope) {
    case 'entry':
      return entryScope(workItemId);
    case 'ticket':
      return `${contractId}, ticket ${ticketId}${underRule(rule)}`;
    case 'ticket-day':
      return `${contractId}, ticket ${ticketId} on ${beganOn}${underRule(rule)}`;
    default:
      return unreachable(scope);
  }
}

export function entryScope(workItemId: string): string {
  return `entry ${workItemId}`;
}

function underRule(rule: string): string {
  return rule === '' ? '' : `, rule ${rule}`;
}
