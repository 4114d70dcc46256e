import { type Instant, type MoneyJson, unreachable } from '@billtrail/kernel';
import type { CourtesyGranted, ExpenseFacts, MaterialFacts, TicketEvent, TimeEntryFacts } from './events.js';

export type Approval = 'unapproved' | 'approved' | 'rejected';

/** What is given of a work item. */
export type Courtesy = Pick<CourtesyGranted['data'], 'amount' | 'isAll' | 'reason'>;

/** A work item in its current state. `original` is what was recorded first: it tells a repeat from another item with the same id. */
export type RecordedWork = { readonly voided: boolean; readonly courtesy?: Courtesy | null } & (
  | {
      readonly kind: 'time';
      readonly facts: TimeEntryFacts;
      readonly original: TimeEntryFacts;
      readonly approval: Approval;
      /** The people who entered or corrected it. */
      readonly writtenBy: readonly string[];
      /** The price set for it; null: the rate card's. */
      readonly priceOverride: { readonly pricePerHour: MoneyJson; readonly reason: string } | null;
    }
  | { readonly kind: 'material'; readonly facts: MaterialFacts; readonly original: MaterialFacts }
  | { readonly kind: 'expense'; readonly facts: ExpenseFacts; readonly original: ExpenseFacts }
);

export interface Timer {
  readonly engineerId: string;
  readonly startedAt: Instant;
  readonly running: boolean;
}

/** Time entries, material usages and expenses by id, voided ones too: an id is never used twice. */
export type WorkItems = ReadonlyMap<string, RecordedWork>;
export type Timers = ReadonlyMap<string, Timer>;

export type WorkOfKind<Kind extends RecordedWork['kind']> = Extract<RecordedWork, { kind: Kind }>;

export function isOfKind<Kind extends RecordedWork['kind']>(item: RecordedWork, kind: Kind): item is WorkOfKind<Kind> {
  return item.kind === kind;
}

type EventNamed<Name extends string> = Extract<TicketEvent, { type: Name }>;
type WorkItemEvent = EventNamed<`TimeEntry${string}` | `Material${string}` | `Expense${string}` | `Courtesy${string}`>;

/** The map with one entry set anew. */
export function withEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value,
): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value);
}

export function evolveTimers(timers: Timers, event: EventNamed<`Timer${string}`>): Timers {
  if (event.type === 'TimerStarted') {
    const { timerId, engineerId, startedAt } = event.data;
    return withEntry(timers, timerId, { engineerId, startedAt, running: true });
  }
  const timer = timers.get(event.data.timerId);
  return timer === undefined ? timers : withEntry(timers, event.data.timerId, { ...timer, running: false });
}

/** As the ticket's evolve: it never rejects history. */
export function evolveWorkItems(workItems: WorkItems, event: WorkItemEvent): WorkItems {
  switch (event.type) {
    case 'TimeEntryLogged': {
      const { timeEntryId, loggedBy, ...facts } = event.data;
      const entry = { kind: 'time', facts, original: facts, approval: 'unapproved', voided: false } as const;
      return withEntry(workItems, timeEntryId, { ...entry, writtenBy: [loggedBy], priceOverride: null });
    }
    case 'TimeEntryCorrected': {
      const { timeEntryId, reason: _, correctedBy, ...facts } = event.data;
      return changed(workItems, 'time', timeEntryId, ({ writtenBy: by }) => {
        const writtenBy = by.includes(correctedBy) ? by : [...by, correctedBy];
        return { facts, approval: 'unapproved', writtenBy, priceOverride: null };
      });
    }
    case 'TimeEntryApproved':
      return changed(workItems, 'time', event.data.timeEntryId, () => ({ approval: 'approved' }));
    case 'TimeEntryRejected':
      return changed(workItems, 'time', event.data.timeEntryId, () => ({ approval: 'rejected' }));
    case 'TimeEntryPriceOverridden': {
      const { timeEntryId, pricePerHour, reason } = event.data;
      const priceOverride = pricePerHour && { pricePerHour, reason };
      return changed(workItems, 'time', timeEntryId, () => ({ priceOverride }));
    }
    case 'TimeEntryVoided':
      return changed(workItems, 'time', event.data.timeEntryId, () => ({ voided: true }));
    case 'MaterialUsed': {
      const { materialUsageId, ...facts } = event.data;
      return withEntry(workItems, materialUsageId, { kind: 'material', facts, original: facts, voided: false });
    }
    case 'MaterialUsageCorrected': {
      const { materialUsageId, reason: _, ...facts } = event.data;
      return changed(workItems, 'material', materialUsageId, () => ({ facts }));
    }
    case 'MaterialUsageVoided':
      return changed(workItems, 'material', event.data.materialUsageId, () => ({ voided: true }));
    case 'ExpenseIncurred': {
      const { expenseId, ...facts } = event.data;
      return withEntry(workItems, expenseId, { kind: 'expense', facts, original: facts, voided: false });
    }
    case 'ExpenseCorrected': {
      const { expenseId, reason: _, ...facts } = event.data;
      return changed(workItems, 'expense', expenseId, () => ({ facts }));
    }
    case 'ExpenseVoided':
      return changed(workItems, 'expense', event.data.expenseId, () => ({ voided: true }));
    case 'CourtesyGranted': {
      const { workItemId, amount, isAll, reason } = event.data;
      return withCourtesy(workItems, workItemId, { amount, isAll, reason });
    }
    case 'CourtesyWithdrawn':
      return withCourtesy(workItems, event.data.workItemId, null);
    default:
      return unreachable(event);
  }
}

function withCourtesy(workItems: WorkItems, id: string, courtesy: Courtesy | null): WorkItems {
  const item = workItems.get(id);
  return item === undefined ? workItems : withEntry(workItems, id, { ...item, courtesy });
}

/** An item that is not there, or is of another kind, stays as it is. */
function changed<Kind extends RecordedWork['kind']>(
  workItems: WorkItems,
  kind: Kind,
  id: string,
  change: (item: WorkOfKind<Kind>) => Partial<WorkOfKind<Kind>>,
): WorkItems {
  const item = workItems.get(id);
  return item !== undefined && isOfKind(item, kind)
    ? withEntry(workItems, id, { ...item, ...change(item) })
    : workItems;
}
