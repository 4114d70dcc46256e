import { type Refusal, refuse } from '@billtrail/kernel';

/** Every "no" of a ticket, by its stable code. */
export const TICKET_REFUSAL_CODES = [
  // Of any command, in this order.
  'OccurredAtInvalid',
  'OccurredInFuture',
  'TicketUnknown',
  'TicketExists',
  'FieldInvalid',
  // Of moves: the table of stages first, then the gates in their order.
  'TransitionNotAllowed',
  'ReopenWindowPassed',
  'ClientUnknown',
  'CategoryUnknown',
  'PriorityUnknown',
  'EngineerMissing',
  'ResolutionMissing',
  'TimerRunning',
  'WorkUndeclared',
  'MaterialsUndeclared',
  'MaterialsNotListed',
  'MaterialsContradicted',
  'ScopeUndeclared',
  'ServiceNotVerified',
  'ApprovalNotByClient',
  // Of work items, timers and notes.
  'TicketNotAssigned',
  'TicketNotInWork',
  'TicketAlreadyResolved',
  'NoteExists',
  'TimerUnknown',
  'TimerExists',
  'TimerAlreadyRunning',
  'TimerStopsBeforeStart',
  'TimerTooLong',
  'TimeEntryIncomplete',
  'WorkItemUnknown',
  'WorkItemExists',
  'WorkItemVoided',
  'MinutesInvalid',
  'TimesIncomplete',
  'TimesInvalid',
  'MinutesDisagree',
  'WorkDateInvalid',
  'WorkDateInFuture',
  'WorkDateDisagrees',
  'QuantityInvalid',
  'MoneyInvalid',
  'OwnWork',
] as const;
export type TicketRefusalCode = (typeof TICKET_REFUSAL_CODES)[number];

/** A ticket's "no": {@link refuse} with the codes of this list only. */
export function no(
  code: TicketRefusalCode,
  message: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
): Refusal<TicketRefusalCode> {
  return refuse(code, message, remedy, details);
}

/** Ids and required texts of a command: the first that is blank. */
export function blankField(
  fields: Readonly<Record<string, string | null | undefined>>,
): Refusal<TicketRefusalCode> | null {
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || value.trim() === '') {
      return no('FieldInvalid', `${field} is missing or blank.`, `Give ${field}.`, { field });
    }
  }
  return null;
}
