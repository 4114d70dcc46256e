import { unreachable } from '@billtrail/kernel';
import { decideSla, slaClocksOf, slaRecordOf, type TicketEvent } from '@billtrail/ticketing';
import type { ReadModels } from '../read-models.js';
import { AT, event, resolved, type AnyEvent, type Story } from './story.js';

export function hoursLater(hours: number): string {
  return new Date(Date.parse(AT) + hours * 3_600_000).toISOString();
}

export function moveAt(
  kind: 'start' | 'pend' | 'unpend' | 'end' | 'close-again' | 'go-on' | 'reprioritise',
  hour: number,
): AnyEvent {
  const at = hoursLater(hour);
  switch (kind) {
    case 'start':
      return event('WorkStarted', {}, at);
    case 'pend':
      return event('TicketPendedOnClient', { reason: null }, at);
    case 'unpend':
      return event('TicketResumed', {}, at);
    case 'end':
      return resolved(at);
    case 'close-again':
      return event('TicketClosed', {}, at);
    case 'go-on':
      return event('TicketReopened', { reason: null }, at);
    case 'reprioritise':
      return event('TicketReprioritised', { priority: hour % 2 === 0 ? 'critical' : 'moderate' }, at);
    default:
      return unreachable(kind);
  }
}

/** What the policy does at that moment. */
export async function askClocks(story: Story, models: ReadModels, now: string): Promise<void> {
  await models.catchUp();
  const find = models.sla.serviceLevels();
  for (const { ticketId } of await models.sla.due(now, null)) {
    const { events } = await story.store.readStream(`ticket-${ticketId}`);
    const record = slaRecordOf(ticketId, events as readonly (TicketEvent & { readonly id: string })[]);
    const decided = decideSla(record, slaClocksOf(record, find), now);
    if (decided.length > 0) await story.ticket(ticketId, ...decided);
  }
}
