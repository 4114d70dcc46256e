import { type Decision, type Refusal, isId } from '@billtrail/kernel';
import type { TicketEvent } from './events.js';
import { routeOf, timelineOf } from './next-steps.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';
import { sameData } from './same-data.js';
import { type RecordedWork, type WorkOfKind, isOfKind } from './recorded-work.js';
import type { Ticket } from './state.js';

const KIND_WORDS = { time: 'time entry', material: 'material usage', expense: 'expense' } as const;

/**
 * Records a work item at any stage from assignment on. Late work on a resolved or closed ticket is accepted too: refused, it would
 * never be billed and nobody would see it. Billing decides which period it falls into.
 */
export function recordWork(
  ticket: Ticket,
  kind: RecordedWork['kind'],
  id: string,
  facts: object,
  broken: Refusal<TicketRefusalCode> | null,
  event: TicketEvent,
): Decision<TicketEvent> {
  const known = ticket.record.workItems.get(id);
  if (known !== undefined) {
    if (known.kind === kind && (sameData(known.original, facts) || sameData(known.facts, facts))) return [];
    return no(
      'WorkItemExists',
      `The ticket has another work item with id ${id}.`,
      'Correct that one, or use another id.',
      {
        workItemId: id,
        kind: known.kind,
      },
    );
  }
  if (!isId(id)) {
    return no('FieldInvalid', `${id} is not a valid work item id.`, 'Use letters, digits and . _ ~ : -', {
      field: 'id',
    });
  }
  if (broken !== null) return broken;
  if (ticket.stage === 'request' || ticket.stage === 'triage') {
    return no(
      'TicketNotAssigned',
      "Work can't be recorded before the ticket is assigned.",
      `Assign it first: ${routeOf(ticket, 'assign')}`,
      {
        stage: ticket.stage,
      },
    );
  }
  return [event];
}

export function correctWork(
  ticket: Ticket,
  kind: RecordedWork['kind'],
  id: string,
  facts: object,
  broken: Refusal<TicketRefusalCode> | null,
  event: TicketEvent,
): Decision<TicketEvent> {
  const item = workItem(ticket, kind, id);
  if ('refused' in item) return item;
  if (item.voided) return voided(id);
  if (broken !== null) return broken;
  return sameData(item.facts, facts) ? [] : [event];
}

export function voidWork(
  ticket: Ticket,
  kind: RecordedWork['kind'],
  id: string,
  reason: string,
  event: TicketEvent,
): Decision<TicketEvent> {
  const item = workItem(ticket, kind, id);
  if ('refused' in item) return item;
  if (item.voided) return [];
  return blankField({ reason }) ?? [event];
}

/** The work item of that kind and id, voided or not. */
export function workItem<Kind extends RecordedWork['kind']>(
  ticket: Ticket,
  kind: Kind,
  id: string,
): WorkOfKind<Kind> | Refusal<TicketRefusalCode> {
  const item = ticket.record.workItems.get(id);
  if (item !== undefined && isOfKind(item, kind)) return item;
  return no('WorkItemUnknown', `The ticket has no ${KIND_WORDS[kind]} ${id}.`, `Check the id: ${timelineOf(ticket)}`, {
    workItemId: id,
    kind,
  });
}

export function voided(id: string): Refusal<TicketRefusalCode> {
  return no('WorkItemVoided', `${id} was voided.`, 'Record the work again under another id.', { workItemId: id });
}
