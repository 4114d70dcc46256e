import { unreachable } from '@billtrail/kernel';
import type { Classification } from './classification.js';
import type { TicketEvent } from './events.js';
import { BLANK_RECORD, type RecordedWork, type Ticket, type TicketRecord, type TicketState } from './state.js';

/**
 * The state after an event. It never rejects history: events are accepted in any order, and one that refers to something unknown (a
 * correction without its entry) changes nothing.
 */
export function evolveTicket(state: TicketState, event: TicketEvent): TicketState {
  const ticket: Ticket = state.stage === 'not-requested' ? { stage: 'request', record: BLANK_RECORD } : state;
  const record = ticket.record;
  const same = (changed: TicketRecord): Ticket => ({ ...ticket, record: changed });
  switch (event.type) {
    case 'TicketRequested':
      return {
        stage: 'request',
        record: { ...record, requested: event.data, classification: classificationOf(event.data) },
      };
    case 'TicketTriaged':
      return { stage: 'triage', record: { ...record, classification: classificationOf(event.data) } };
    case 'TicketReclassified':
      return same({ ...record, classification: classificationOf(event.data) });
    case 'TicketReprioritised':
      return same({ ...record, classification: { ...record.classification, priority: event.data.priority } });
    case 'TicketReturned':
      return { stage: 'request', record };
    case 'TicketAssigned':
      return { stage: 'assigned', record: { ...record, engineerId: event.data.engineerId, team: event.data.team } };
    case 'TicketReassigned':
      return same({ ...record, engineerId: event.data.engineerId, team: event.data.team });
    case 'WorkStarted':
    case 'TicketResumed':
      return { stage: 'in-progress', record };
    case 'TicketReopened':
      // The declaration was about the work until then; further work is declared again, or charged.
      return { stage: 'in-progress', record: { ...record, noCharge: null } };
    case 'TicketPendedOnClient':
      return { stage: 'pending-client', record, reason: event.data.reason };
    case 'TicketPendedOnThirdParty':
      return { stage: 'pending-third-party', record, reason: event.data.reason };
    case 'TicketResolved': {
      const { resolution: text, materials, scope } = event.data;
      const resolution = { resolution: text, materials, scope };
      return { stage: 'resolved', record: { ...record, resolution, verification: null }, resolution };
    }
    case 'ServiceVerificationRequested': {
      const verification = { workItemIds: event.data.workItemIds, outcome: 'awaited' } as const;
      return { stage: 'svr-pending', record: { ...record, verification }, verification };
    }
    case 'ServiceVerificationApproved':
      return verified(ticket, 'approved');
    case 'ServiceVerificationRejected':
      return { stage: 'in-progress', record: verified(ticket, 'rejected').record };
    case 'TicketClosed':
      return { stage: 'closed', record, closedAt: event.occurredAt, closedAs: 'completed', duplicateOf: null };
    case 'TicketCancelled': {
      const { as, duplicateOf } = event.data;
      return { stage: 'closed', record, closedAt: event.occurredAt, closedAs: as, duplicateOf };
    }
    case 'NoteAdded':
      return same({ ...record, notes: withEntry(record.notes, event.data.noteId, event.data) });
    case 'NoChargeDeclared':
      return same({ ...record, noCharge: event.data });
    case 'TimerStarted':
    case 'TimerStopped':
      return same({ ...record, timers: evolveTimers(record, event) });
    case 'TimeEntryLogged':
    case 'TimeEntryCorrected':
    case 'TimeEntryApproved':
    case 'TimeEntryRejected':
    case 'TimeEntryPriceOverridden':
    case 'TimeEntryVoided':
      return same({ ...record, workItems: evolveTime(record, event) });
    case 'MaterialUsed':
    case 'MaterialUsageCorrected':
    case 'MaterialUsageVoided':
      return same({ ...record, workItems: evolveMaterials(record, event) });
    case 'ExpenseIncurred':
    case 'ExpenseCorrected':
    case 'ExpenseVoided':
      return same({ ...record, workItems: evolveExpenses(record, event) });
    // Told about the ticket by the clock: no command asks for them (sla/record.ts).
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaBreachWithdrawn':
      return ticket;
    default:
      return unreachable(event);
  }
}

type EventOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>;
type WorkItems = TicketRecord['workItems'];

function classificationOf(data: Classification): Classification {
  const { clientId, contractId, siteId, category, ticketType, priority } = data;
  return { clientId, contractId, siteId, category, ticketType, priority };
}

function verified(ticket: Ticket, outcome: 'approved' | 'rejected'): Ticket {
  const verification = { workItemIds: ticket.record.verification?.workItemIds ?? [], outcome };
  const record = { ...ticket.record, verification };
  return ticket.stage === 'svr-pending' ? { ...ticket, record, verification } : { ...ticket, record };
}

function withEntry<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value);
}

function evolveTimers(record: TicketRecord, event: EventOf<'TimerStarted' | 'TimerStopped'>): TicketRecord['timers'] {
  if (event.type === 'TimerStarted') {
    const { timerId, engineerId, startedAt } = event.data;
    return withEntry(record.timers, timerId, { engineerId, startedAt, running: true });
  }
  const timer = record.timers.get(event.data.timerId);
  return timer === undefined
    ? record.timers
    : withEntry(record.timers, event.data.timerId, { ...timer, running: false });
}

function evolveTime(
  { workItems }: TicketRecord,
  event: EventOf<
    | 'TimeEntryLogged'
    | 'TimeEntryCorrected'
    | 'TimeEntryApproved'
    | 'TimeEntryRejected'
    | 'TimeEntryPriceOverridden'
    | 'TimeEntryVoided'
  >,
): WorkItems {
  const id = event.data.timeEntryId;
  if (event.type === 'TimeEntryLogged') {
    const { timeEntryId: _, loggedBy, ...facts } = event.data;
    const writtenBy = [loggedBy];
    return withEntry<RecordedWork>(workItems, id, {
      kind: 'time',
      facts,
      original: facts,
      approval: 'unapproved',
      writtenBy,
      priceOverride: null,
      voided: false,
    });
  }
  const item = workItems.get(id);
  if (item?.kind !== 'time') return workItems;
  switch (event.type) {
    case 'TimeEntryCorrected': {
      const { timeEntryId: _, reason: __, correctedBy, ...facts } = event.data;
      const writtenBy = item.writtenBy.includes(correctedBy) ? item.writtenBy : [...item.writtenBy, correctedBy];
      return withEntry(workItems, id, { ...item, facts, approval: 'unapproved', writtenBy, priceOverride: null });
    }
    case 'TimeEntryApproved':
      return withEntry(workItems, id, { ...item, approval: 'approved' });
    case 'TimeEntryRejected':
      return withEntry(workItems, id, { ...item, approval: 'rejected' });
    case 'TimeEntryPriceOverridden': {
      const { pricePerHour, reason } = event.data;
      return withEntry(workItems, id, { ...item, priceOverride: pricePerHour && { pricePerHour, reason } });
    }
    case 'TimeEntryVoided':
      return withEntry(workItems, id, { ...item, voided: true });
    default:
      return unreachable(event);
  }
}

function evolveMaterials(
  { workItems }: TicketRecord,
  event: EventOf<'MaterialUsed' | 'MaterialUsageCorrected' | 'MaterialUsageVoided'>,
): WorkItems {
  const id = event.data.materialUsageId;
  if (event.type === 'MaterialUsed') {
    const { materialUsageId: _, ...facts } = event.data;
    return withEntry<RecordedWork>(workItems, id, { kind: 'material', facts, original: facts, voided: false });
  }
  const item = workItems.get(id);
  if (item?.kind !== 'material') return workItems;
  if (event.type === 'MaterialUsageVoided') return withEntry(workItems, id, { ...item, voided: true });
  const { materialUsageId: _, reason: __, ...facts } = event.data;
  return withEntry(workItems, id, { ...item, facts });
}

function evolveExpenses(
  { workItems }: TicketRecord,
  event: EventOf<'ExpenseIncurred' | 'ExpenseCorrected' | 'ExpenseVoided'>,
): WorkItems {
  const id = event.data.expenseId;
  if (event.type === 'ExpenseIncurred') {
    const { expenseId: _, ...facts } = event.data;
    return withEntry<RecordedWork>(workItems, id, { kind: 'expense', facts, original: facts, voided: false });
  }
  const item = workItems.get(id);
  if (item?.kind !== 'expense') return workItems;
  if (event.type === 'ExpenseVoided') return withEntry(workItems, id, { ...item, voided: true });
  const { expenseId: _, reason: __, ...facts } = event.data;
  return withEntry(workItems, id, { ...item, facts });
}
