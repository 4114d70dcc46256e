import type { Currency, LocalDate, Minutes, Month, MoneyJson } from '@billtrail/kernel';
import type { ContractVersion, WorkKind } from '@billtrail/contracts';
import type { ExpenseFacts, MaterialFacts, TimeEntryFacts } from '@billtrail/ticketing';
import type { BillingConfiguration, FrozenItem, GapKind, InvoiceLine, ValueAtRisk } from '../events.js';
import type { Trace } from './trace.js';

/** A contract of a client, with all its published versions. */
export interface ContractFacts {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly priority: number;
  /** Last day in force; null: not terminated. */
  readonly lastDay: LocalDate | null;
  readonly versions: readonly ContractVersion[];
}

/** A ticket as rating sees it. */
export interface TicketFacts {
  readonly ticketId: string;
  readonly clientId: string | null;
  readonly contractId: string | null;
  readonly siteId: string | null;
  readonly category: string | null;
  readonly ticketType: string | null;
  readonly priority: string | null;
  readonly summary: string;
  /** Everything people wrote on it: summary, description, notes, resolution. */
  readonly texts: readonly { readonly text: string; readonly eventId: string }[];
  readonly materials: 'listed' | 'none-used' | null;
  /** Day of the latest resolution, in the client's zone; null while it is not resolved (or was reopened, or cancelled). */
  readonly resolvedOn: LocalDate | null;
  readonly resolvedEventId: string | null;
  readonly noCharge: { readonly reasonCode: string; readonly reason: string; readonly eventId: string } | null;
}

export type Approval = 'unapproved' | 'approved' | 'rejected';

interface WorkItemCommon {
  readonly workItemId: string;
  readonly ticketId: string;
  /** Position of the event that first recorded it: breaks ties within a work date. */
  readonly position: number;
  /** The event that recorded it and those that corrected it. */
  readonly sourceEventIds: readonly string[];
}
export type WorkItem = WorkItemCommon &
  (
    | ({ readonly kind: 'time'; readonly approval: Approval } & TimeEntryFacts)
    | ({ readonly kind: 'material' } & MaterialFacts)
    | ({ readonly kind: 'expense' } & ExpenseFacts)
  );

/** What the account of the client-period holds about an item: an input of rating, never an output. */
export interface FrozenLine {
  readonly line: InvoiceLine;
  readonly invoiceId: string;
}
/** An item that was written off, as `WorkWrittenOff` holds it. */
export type WrittenOff = FrozenItem;

export interface ClientPeriodFacts {
  readonly clientId: string;
  readonly currency: Currency;
  readonly period: Month;
  readonly contracts: readonly ContractFacts[];
  /** The tickets that the work items name, and those that the frozen lines and write-offs name. */
  readonly tickets: ReadonlyMap<string, TicketFacts>;
  /** The live (not voided) work items of the period. */
  readonly work: readonly WorkItem[];
  /** Lines of issued invoices (and of those whose issue was requested) of this account. */
  readonly invoiced: readonly FrozenLine[];
  /** Items that a draft of this account claims: item id -> invoice id. Claimed items are still rated, so that a stale draft shows. */
  readonly claimed: ReadonlyMap<string, string>;
  readonly writtenOff: readonly WrittenOff[];
  readonly configuration: BillingConfiguration;
}

export type Disposition = 'billable' | 'claimed' | 'invoiced' | 'covered' | 'deferred' | 'written-off' | 'unpriced';

/** The priced outcome of one work item or of a part of it. */
export interface BillableItem {
  /**
   * The work item's id; of an adjustment `{workItemId}-a{n}`. It is unique within the account of its client-period:
   * work that was moved to another period after it was invoiced has an adjustment there and an item of its own here.
   */
  readonly itemId: string;
  readonly workItemId: string;
  readonly ticketId: string;
  /** null: the ticket has no client yet, so its work is `unpriced`. */
  readonly clientId: string | null;
  readonly period: Month;
  readonly kind: WorkKind;
  readonly disposition: Disposition;
  readonly workDate: LocalDate;
  readonly description: string;
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  readonly quantity: string;
  readonly unit: string;
  /** null where there is no price (`unpriced`). */
  readonly unitPrice: MoneyJson | null;
  /** Line net; zero when covered; null where there is no price. */
  readonly net: MoneyJson | null;
  readonly taxCategory: string | null;
  readonly contractId: string | null;
  readonly contractVersion: number | null;
  /** Time that nobody approved or rejected yet, or that was rejected, is priced but not billed: no draft takes it. */
  readonly approval: Approval | null;
  /** Invoice that claims or carries it. */
  readonly invoiceId: string | null;
  readonly sourceEventIds: readonly string[];
  readonly trace: Trace;
}

/** A gap as the facts show it. Its identity is (kind, ticket, work item, period, client): see `gapKey`. */
export interface DerivedGap {
  readonly kind: GapKind;
  readonly ticketId: string;
  readonly clientId: string | null;
  readonly period: Month | null;
  readonly workItemId: string | null;
  readonly valueAtRisk: ValueAtRisk;
  readonly cause: string;
  readonly sourceEventIds: readonly string[];
  /** First day on which it is a gap (`unbilled` waits for the billing delay); null: at once. */
  readonly dueOn: LocalDate | null;
}

export interface RatingResult {
  readonly items: readonly BillableItem[];
  readonly gaps: readonly DerivedGap[];
}
