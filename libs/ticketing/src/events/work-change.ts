import type { WorkItemEvent } from './work.js';

/** What becomes of work that was recorded. */
type Change = 'corrected' | 'approved' | 'rejected' | 'voided';

/** What each event of a piece of work makes of it; null: it is recorded, or its price changes. */
const CHANGES = {
  TimeEntryLogged: null,
  TimeEntryCorrected: 'corrected',
  TimeEntryApproved: 'approved',
  TimeEntryRejected: 'rejected',
  TimeEntryVoided: 'voided',
  TimeEntryPriceOverridden: null,
  MaterialUsed: null,
  MaterialUsageCorrected: 'corrected',
  MaterialUsageApproved: 'approved',
  MaterialUsageRejected: 'rejected',
  MaterialUsageVoided: 'voided',
  ExpenseIncurred: null,
  ExpenseCorrected: 'corrected',
  ExpenseApproved: 'approved',
  ExpenseRejected: 'rejected',
  ExpenseVoided: 'voided',
  CourtesyGranted: null,
  CourtesyWithdrawn: null,
  SupplierCreditRecorded: null,
  SupplierCreditWithdrawn: null,
} as const satisfies Record<WorkItemEvent['type'], Change | null>;

type WorkChangeType = {
  [Type in WorkItemEvent['type']]: (typeof CHANGES)[Type] extends null ? never : Type;
}[WorkItemEvent['type']];
export type WorkChangeEvent = Extract<WorkItemEvent, { type: WorkChangeType }>;

/** All events of a piece of work. */
export const WORK_ITEM_TYPES = Object.keys(CHANGES) as readonly WorkItemEvent['type'][];

/** Those that change it after it was recorded. */
export const WORK_CHANGE_TYPES = WORK_ITEM_TYPES.filter((type) => isWorkChange({ type })) as readonly WorkChangeType[];

export function isWorkItemEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { type: WorkItemEvent['type'] }> {
  return Object.hasOwn(CHANGES, event.type);
}

export function isWorkChange<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { type: WorkChangeType }> {
  return isWorkItemEvent(event) && CHANGES[event.type] !== null;
}

export interface WorkChange {
  readonly kind: 'time' | 'material' | 'expense';
  readonly workItemId: string;
  readonly change: Change;
}

/** Which work an event changes, and how, whatever kind of work it is. */
export function workChangeOf({ type, data }: Pick<WorkChangeEvent, 'type' | 'data'>): WorkChange {
  const change = CHANGES[type];
  if ('timeEntryId' in data) return { kind: 'time', workItemId: data.timeEntryId, change };
  if ('materialUsageId' in data) return { kind: 'material', workItemId: data.materialUsageId, change };
  return { kind: 'expense', workItemId: data.expenseId, change };
}
