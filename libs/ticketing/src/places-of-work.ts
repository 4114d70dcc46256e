import type { TicketEvent } from './events.js';
import { APPROVALS, RECORDS } from './held-work.js';
import { TRANSITION_TYPES } from './lifecycle.js';

/** The events that say whose work is, of which month, and what holds it there. */
export const TYPES_OF_PLACES = [
  ...TRANSITION_TYPES,
  'TicketReclassified',
  'TicketMerged',
  'TicketSplit',
  'TimeEntryLogged',
  'TimeEntryCorrected',
  'TimeEntryApproved',
  'MaterialUsed',
  'MaterialUsageCorrected',
  'MaterialUsageApproved',
  'ExpenseIncurred',
  'ExpenseCorrected',
  'ExpenseApproved',
] as const satisfies readonly TicketEvent['type'][];

export type EventOfPlaces = Extract<TicketEvent, { type: (typeof TYPES_OF_PLACES)[number] }>;

export function isRecordOfWork({ type }: TicketEvent): boolean {
  return RECORDS.has(type);
}

export function isApprovalOfWork({ type }: TicketEvent): boolean {
  return APPROVALS.has(type);
}
