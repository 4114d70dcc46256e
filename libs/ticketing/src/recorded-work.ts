import { type Instant, type MoneyJson, unreachable } from '@billtrail/kernel';
import type {
  Approved,
  CourtesyGranted,
  ExpenseFacts,
  MaterialFacts,
  SupplierCreditRecorded,
  TicketEvent,
  TimeEntryFacts,
  WorkItemEvent,
} from './events.js';
import { higherCost, netUnitCost } from './cost-of-goods.js';
import { workChangeOf, type WorkChangeEvent } from './events/work-change.js';

export type Approval = 'unapproved' | 'approved' | 'rejected';

export type SupplierCredit = Pick<SupplierCreditRecorded['data'], 'amount' | 'reference' | 'creditedOn'> & {
  /** Absent: it stands. */
  readonly withdrawn?: true;
};

/** What is given of a work item. */
export type Courtesy = Pick<CourtesyGranted['data'], 'amount' | 'isAll' | 'reason'>;

/** A work item in its current state. `original` is what was recorded first: it tells a repeat from another item with the same id. */
interface OfAnyKind {
  readonly voided: boolean;
  readonly courtesy?: Courtesy | null;
  /** What stands of it: 1 as recorded first, one more with each correction. An approval names it. */
  readonly version: number;
  /** null: goods that were recorded before goods were approved need no approval. */
  readonly approval: Approval | null;
  /** The people who entered or corrected it, as far as its events say. */
  readonly writtenBy: readonly string[];
  /** A person approved or rejected it once: no rule approves what it was corrected to. Absent: nobody did. */
  readonly isForPeople?: true;
}
export type RecordedWork = OfAnyKind &
  (
    | {
        readonly kind: 'time';
        readonly facts: TimeEntryFacts;
        readonly original: TimeEntryFacts;
        /** The price set for it; null: the rate card's. */
        readonly priceOverride: { readonly pricePerHour: MoneyJson; readonly reason: string } | null;
      }
    | {
        readonly kind: 'material';
        readonly facts: MaterialFacts;
        readonly original: MaterialFacts;
        /** What the supplier gave back. Absent: nothing yet. */
        readonly supplierCredits?: readonly SupplierCredit[];
        /** The highest net cost of a piece that somebody approved. Absent: none. */
        readonly approvedCost?: MoneyJson;
      }
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

/** Work as it was recorded first. `by` absent: before goods were approved. */
function recordedFirst(by: string | undefined): OfAnyKind {
  return {
    voided: false,
    version: 1,
    approval: by === undefined ? null : 'unapproved',
    writtenBy: by === undefined ? [] : [by],
  };
}

/** What a correction does to it beside its facts: an approval was for the facts before. */
function corrected(item: OfAnyKind, by: string | undefined): Pick<OfAnyKind, 'version' | 'approval' | 'writtenBy'> {
  const { writtenBy } = item;
  return {
    version: item.version + 1,
    approval: by === undefined ? item.approval : 'unapproved',
    writtenBy: by === undefined || writtenBy.includes(by) ? writtenBy : [...writtenBy, by],
  };
}

function approvedAs({ rule }: Approved): Pick<OfAnyKind, 'approval' | 'isForPeople'> {
  return { approval: 'approved', ...(rule === undefined ? { isForPeople: true } : {}) };
}

const REJECTED = { approval: 'rejected', isForPeople: true } as const;

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
      const entry = { kind: 'time', facts, original: facts, priceOverride: null } as const;
      return withEntry(workItems, timeEntryId, { ...recordedFirst(loggedBy), ...entry });
    }
    case 'TimeEntryCorrected': {
      const { timeEntryId, reason: _, correctedBy, secondPerson: __, ...facts } = event.data;
      return changed(workItems, 'time', timeEntryId, (entry) => ({
        ...corrected(entry, correctedBy),
        facts,
        priceOverride: null,
      }));
    }
    case 'TimeEntryPriceOverridden': {
      const { timeEntryId, pricePerHour, reason } = event.data;
      const priceOverride = pricePerHour && { pricePerHour, reason };
      return changed(workItems, 'time', timeEntryId, () => ({ priceOverride }));
    }
    case 'MaterialUsed': {
      const { materialUsageId, recordedBy, ...facts } = event.data;
      const usage = { kind: 'material', facts, original: facts } as const;
      return withEntry(workItems, materialUsageId, { ...recordedFirst(recordedBy), ...usage });
    }
    case 'MaterialUsageCorrected': {
      const { materialUsageId, reason: _, correctedBy, secondPerson: __, ...facts } = event.data;
      return changed(workItems, 'material', materialUsageId, (usage) => ({ ...corrected(usage, correctedBy), facts }));
    }
    case 'ExpenseIncurred': {
      const { expenseId, recordedBy, ...facts } = event.data;
      const expense = { kind: 'expense', facts, original: facts } as const;
      return withEntry(workItems, expenseId, { ...recordedFirst(recordedBy), ...expense });
    }
    case 'ExpenseCorrected': {
      const { expenseId, reason: _, correctedBy, secondPerson: __, ...facts } = event.data;
      return changed(workItems, 'expense', expenseId, (expense) => ({ ...corrected(expense, correctedBy), facts }));
    }
    case 'MaterialUsageApproved':
      return changed(workItems, 'material', event.data.materialUsageId, ({ facts, approvedCost }) => {
        const cost = higherCost(netUnitCost(facts), approvedCost ?? null);
        return { ...approvedAs(event.data), ...(cost && { approvedCost: cost }) };
      });
    case 'TimeEntryApproved':
    case 'ExpenseApproved':
      return become(workItems, event, approvedAs(event.data));
    case 'TimeEntryRejected':
    case 'MaterialUsageRejected':
    case 'ExpenseRejected':
      return become(workItems, event, REJECTED);
    case 'TimeEntryVoided':
    case 'MaterialUsageVoided':
    case 'ExpenseVoided':
      return become(workItems, event, { voided: true });
    case 'CourtesyGranted': {
      const { workItemId, amount, isAll, reason } = event.data;
      return withCourtesy(workItems, workItemId, { amount, isAll, reason });
    }
    case 'CourtesyWithdrawn':
      return withCourtesy(workItems, event.data.workItemId, null);
    case 'SupplierCreditRecorded': {
      const { materialUsageId, amount, reference, creditedOn } = event.data;
      const credit = { amount, reference, creditedOn };
      return changed(workItems, 'material', materialUsageId, ({ supplierCredits = [] }) => {
        return { supplierCredits: [...supplierCredits, credit] };
      });
    }
    case 'SupplierCreditWithdrawn': {
      const { materialUsageId, reference } = event.data;
      return changed(workItems, 'material', materialUsageId, ({ supplierCredits = [] }) => ({
        supplierCredits: supplierCredits.map((one) =>
          one.reference === reference ? { ...one, withdrawn: true } : one,
        ),
      }));
    }
    default:
      return unreachable(event);
  }
}

function become(workItems: WorkItems, event: WorkChangeEvent, as: Partial<OfAnyKind>): WorkItems {
  const { kind, workItemId } = workChangeOf(event);
  return changed(workItems, kind, workItemId, () => as);
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
