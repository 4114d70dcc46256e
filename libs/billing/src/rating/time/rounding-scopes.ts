import { unreachable } from '@billtrail/kernel';
import type { InForce } from '../coverage/placement.js';
import { type ScopedWork, visitOf } from '../visit.js';
import type { Rounding } from './rounding.js';

/**
 * What minimum and increment are applied to, as a text: an entry, whatever contract its stretches fall under; or the work of one ticket (on one day), or of
 * one visit, under one rounding rule of a contract, whichever of its versions are in force. The day is the one on which the entry began in the billing
 * period, so that a midnight cuts no scope.
 */
export function roundingScope(
  { contract: { contractId }, version }: InForce,
  { scope, rule }: Rounding,
  work: ScopedWork,
): string {
  const { ticketId, workItemId, beganOn } = work;
  switch (scope) {
    case 'entry':
      return entryScope(workItemId);
    case 'ticket':
      return `${contractId}, ticket ${ticketId}${underRule(rule)}`;
    case 'ticket-day':
      return `${contractId}, ticket ${ticketId} on ${beganOn}${underRule(rule)}`;
    case 'visit':
      return `${contractId}, ${visitOf(work, version.terms.rateCard)}${underRule(rule)}`;
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
