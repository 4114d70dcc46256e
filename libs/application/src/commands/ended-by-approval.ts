import { isOnHeldWork, openForgoings } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import { isWorkChange, workChangeOf, type TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';
import { workOf, type AboutWork } from './forgone-ends.js';

const ASKED = { 'void-work': 'void', 'correct-work': 'correct', 'reject-work': 'reject' } as const;

/** Whoever approves work ends what somebody asked to void, correct or reject of it: they saw nothing to take away, and are told what it was. */
export async function warnOfRequestsEnded(given: AboutWork, ports: CommandPorts): Promise<readonly CommandWarning[]> {
  const workItemId = workOf(given);
  const { events } = await ports.store.readStream(streamName('ticket', given.ticketId));
  const asked = openForgoings(events).filter(({ data: { act, target } }) => isOnHeldWork(act) && target === workItemId);
  // Nearly all approvals wait for nothing.
  if (asked.length === 0) return [];
  const approval = events.findLast((event) => isApprovalOf(event as unknown as TicketEvent, workItemId));
  await ports.upToDate();
  const warnings: CommandWarning[] = [];
  for (const { requestId } of asked) {
    const request = await ports.models.approvals.get(requestId);
    if (request?.lapse?.because !== 'approved' || request.lapse.eventId !== approval?.id) continue;
    const { act, requestedBy, comment } = request;
    if (!isOnHeldWork(act)) continue;
    warnings.push({
      code: 'RequestEnded',
      message: `${requestedBy} had asked to ${ASKED[act]} ${workItemId}${comment === null ? '' : ` (${comment})`}: the approval ended that, and the work stands as approved. If it should not, ${requestedBy} asks again, or somebody else does. See GET /v1/approvals/${requestId}`,
      details: { requestId, act, workItemId, requestedBy },
    });
  }
  return warnings;
}

function isApprovalOf(event: TicketEvent, workItemId: string): boolean {
  if (!isWorkChange(event)) return false;
  const { change, workItemId: changed } = workChangeOf(event);
  return change === 'approved' && changed === workItemId;
}
