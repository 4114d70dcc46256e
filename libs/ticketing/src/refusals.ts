import { type Refusal, refuse } from '@billtrail/kernel';

/** Every refusal of a ticket by its stable code. */
export const TICKET_REFUSAL_CODES = [
  // From any command, in this order.
  'OccurredAtInvalid',
  'OccurredInFuture',
  'TicketUnknown',
  'TicketExists',
  'FieldInvalid',
  // From moves: the table of stages first, then the gates in order.
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
  'ScopeDecided',
  'ServiceNotVerified',
  'ApprovalNotByClient',
  // From merging tickets; the first also from every command that a merged ticket takes no more.
  'TicketMerged',
  'TicketNotMerged',
  'MergeTargetGone',
  'MergeTargetResolved',
  'TicketOfAnotherClient',
  // From work items, timers and notes.
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
  'QuantityMissing',
  'MoneyInvalid',
  'OwnWork',
  'WorkChanged',
  'CourtesyExists',
  'WarrantyClaimMissing',
  'SupplierCreditExists',
  'SupplierCreditAboveCost',
  'SupplierCreditUnknown',
  'ReasonCodeUnknown',
] as const;
export type TicketRefusalCode = (typeof TICKET_REFUSAL_CODES)[number];

/** {@link refuse} with the codes of this list only. */
export function no(
  code: TicketRefusalCode,
  message: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
): Refusal<TicketRefusalCode> {
  return refuse(code, message, remedy, details);
}

/** Refuses the first blank field among the ids and required texts of a command. */
export function blankField(
  fields: Readonly<Record<string, string | null | undefined>>,
): Refusal<TicketRefusalCode> | null {
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || value.trim() === '') {
      return no('FieldInvalid', `${field} is required.`, `Send ${field}, and not blank.`, { field });
    }
  }
  return null;
}
