import type { Agreed, DomainEvent, Instant, LocalDate, Minutes, MoneyJson } from '@billtrail/kernel';

export interface TimeEntryFacts {
  readonly engineerId: string;
  /** The role the engineer worked in: with the work type it determines the price. */
  readonly engineerRole: string;
  readonly workType: string;
  /** Actual minutes worked. */
  readonly minutes: Minutes;
  /** The day of the work, in the client's time zone. */
  readonly workDate: LocalDate;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Billable minutes as the engineer stated them, before minimum and increment; null: the actual ones. */
  readonly statedBillableMinutes: Minutes | null;
  /** Declared rate class (`business`, `after-hours`, `weekend`, `holiday`, or one that a calendar names); null: the class of its date. */
  readonly rateClass: string | null;
  readonly description: string;
}

export interface MaterialFacts {
  readonly itemCode: string;
  readonly description: string;
  /** Decimal string, more than zero. */
  readonly quantity: string;
  readonly unit: string;
  readonly unitCost: MoneyJson | null;
  /** What of the unit cost is tax that is claimed back. Absent: the unit cost is net. */
  readonly taxIncluded?: MoneyJson;
  readonly listPrice: MoneyJson | null;
  readonly serialNumber: string | null;
  readonly underWarranty: boolean;
  /** Number of the claim at whoever replaces them. Absent: they are sold, or were recorded before a claim was asked for. */
  readonly warrantyClaim?: string;
  readonly workDate: LocalDate;
}

export interface ExpenseFacts {
  readonly description: string;
  /** Of each unit; without a quantity, of the whole. */
  readonly cost: MoneyJson;
  /** What of the cost is tax that is claimed back: then the cost is gross. Absent: it is net. */
  readonly taxIncluded?: MoneyJson;
  /** Decimal string, more than zero: kilometres, nights. Absent: one. */
  readonly quantity?: string;
  /** What the quantity counts: `km`. Absent: `expense`. */
  readonly unit?: string;
  /** By which the rate card may price or limit it: `mileage`, `meals`. Absent: none. */
  readonly expenseType?: string;
  readonly receiptReference: string | null;
  readonly workDate: LocalDate;
}

export type TimerStarted = DomainEvent<
  'TimerStarted',
  { readonly timerId: string; readonly engineerId: string; readonly startedAt: Instant }
>;
/** A timer that ended; its time entry, if it left one, follows in the same append. */
export type TimerStopped = DomainEvent<'TimerStopped', { readonly timerId: string; readonly stoppedAt: Instant }>;
/** `loggedBy` is the person who entered it: neither they nor the engineer may approve it. */
export type TimeEntryLogged = DomainEvent<
  'TimeEntryLogged',
  TimeEntryFacts & { readonly timeEntryId: string; readonly loggedBy: string }
>;
/** All facts, corrected. The entry is unapproved again: an approval was for the facts before. */
export type TimeEntryCorrected = DomainEvent<
  'TimeEntryCorrected',
  TimeEntryFacts & Agreed & { readonly timeEntryId: string; readonly reason: string; readonly correctedBy: string }
>;
/** How work was approved. */
export interface Approved {
  readonly approvedBy: string;
  /** What was approved: 1 as recorded first, one more with each correction. Absent: an older version recorded it, and it was what stood then. */
  readonly version?: number;
  /** Whoever approved it did or entered it, where the organisation allows that. Absent: somebody else approved. */
  readonly isOwnWork?: true;
  /** In whose place, who named whoever approved it for these days. Absent: they approved by their own right. */
  readonly inPlaceOf?: string;
  /** Nobody looked at it: a rule of the configuration approved it. Absent: a person did. */
  readonly rule?: RuleNamed;
}
/** A rule as it was in force. */
export interface RuleNamed {
  readonly name: string;
  /** The position of the configuration that has it. */
  readonly configuredAt: number;
}
/** Not to be billed as entered: it is to be corrected or voided. It remains recorded work. */
export interface Rejected extends Agreed {
  readonly rejectedBy: string;
  /** Of the configuration. Absent: none was given. */
  readonly reasonCode?: string;
  readonly reason: string;
  /** As in {@link Approved}. */
  readonly version?: number;
}
export type TimeEntryApproved = DomainEvent<'TimeEntryApproved', Approved & { readonly timeEntryId: string }>;
export type TimeEntryRejected = DomainEvent<'TimeEntryRejected', Rejected & { readonly timeEntryId: string }>;
/**
 * An hourly price for this entry, whatever the contract's rate card says; null: the card's again. A later correction of the entry ends it,
 * as it ends the approval: it was set for the facts before.
 */
export type TimeEntryPriceOverridden = DomainEvent<
  'TimeEntryPriceOverridden',
  {
    readonly timeEntryId: string;
    readonly pricePerHour: MoneyJson | null;
    readonly reason: string;
    readonly overriddenBy: string;
    /** Who agreed to a price that takes off more than the limit. Absent: nobody had to. */
    readonly secondPerson?: string;
  }
>;
export type TimeEntryVoided = DomainEvent<
  'TimeEntryVoided',
  Agreed & { readonly timeEntryId: string; readonly reason: string }
>;
/** `recordedBy` is the person who entered it, and may not approve it. Absent: it was recorded before goods were approved, and needs no approval. */
export type MaterialUsed = DomainEvent<
  'MaterialUsed',
  MaterialFacts & { readonly materialUsageId: string; readonly recordedBy?: string }
>;
/** All facts, corrected: it awaits approval, whatever it did before. `correctedBy` absent: it was corrected before goods were approved, and needs none. */
export type MaterialUsageCorrected = DomainEvent<
  'MaterialUsageCorrected',
  MaterialFacts & Agreed & { readonly materialUsageId: string; readonly reason: string; readonly correctedBy?: string }
>;
export type MaterialUsageApproved = DomainEvent<
  'MaterialUsageApproved',
  Approved & { readonly materialUsageId: string }
>;
export type MaterialUsageRejected = DomainEvent<
  'MaterialUsageRejected',
  Rejected & { readonly materialUsageId: string }
>;
export type MaterialUsageVoided = DomainEvent<
  'MaterialUsageVoided',
  Agreed & { readonly materialUsageId: string; readonly reason: string }
>;
/** Of goods too: see {@link MaterialUsed}. */
export type ExpenseIncurred = DomainEvent<
  'ExpenseIncurred',
  ExpenseFacts & { readonly expenseId: string; readonly recordedBy?: string }
>;
/** See {@link MaterialUsageCorrected}. */
export type ExpenseCorrected = DomainEvent<
  'ExpenseCorrected',
  ExpenseFacts & Agreed & { readonly expenseId: string; readonly reason: string; readonly correctedBy?: string }
>;
export type ExpenseApproved = DomainEvent<'ExpenseApproved', Approved & { readonly expenseId: string }>;
export type ExpenseRejected = DomainEvent<'ExpenseRejected', Rejected & { readonly expenseId: string }>;
export type ExpenseVoided = DomainEvent<
  'ExpenseVoided',
  Agreed & { readonly expenseId: string; readonly reason: string }
>;
/**
 * Accounts give an amount of a piece of work for nothing, or all that it came to: the client reads why. It is an amount that somebody agreed to, so a later
 * correction leaves it; what the work comes to beyond it is asked for.
 */
export type CourtesyGranted = DomainEvent<
  'CourtesyGranted',
  {
    readonly workItemId: string;
    readonly amount: MoneyJson;
    /** True where it was all that the work came to: then it draws nothing of what is prepaid. */
    readonly isAll: boolean;
    /** For the client. */
    readonly reason: string;
    /** For the house. */
    readonly comment: string | null;
    readonly grantedBy: string;
    readonly secondPerson: string | null;
  }
>;
/** The supplier gave money back for goods under warranty: the claim ends by as much. */
export type SupplierCreditRecorded = DomainEvent<
  'SupplierCreditRecorded',
  {
    readonly materialUsageId: string;
    /** Net of tax, of all pieces. */
    readonly amount: MoneyJson;
    /** Number of the supplier's document. */
    readonly reference: string;
    readonly creditedOn: LocalDate;
    readonly recordedBy: string;
    /** What a piece costs net of tax, the highest that somebody approved or that stands: what the credit is a share of. Absent: nobody stated a cost, or it was recorded before this was said. */
    readonly claimedCost?: MoneyJson;
  }
>;
/** The supplier's credit was recorded by mistake, or taken back: the claim is open again by as much. */
export type SupplierCreditWithdrawn = DomainEvent<
  'SupplierCreditWithdrawn',
  {
    readonly materialUsageId: string;
    readonly reference: string;
    readonly reason: string;
    readonly withdrawnBy: string;
  }
>;
/** The work is asked for again as it is priced. */
export type CourtesyWithdrawn = DomainEvent<
  'CourtesyWithdrawn',
  { readonly workItemId: string; readonly reason: string; readonly withdrawnBy: string }
>;

export type TimerEvent = TimerStarted | TimerStopped;
/** What happens to a piece of work. */
export type WorkItemEvent =
  | TimeEntryLogged
  | TimeEntryCorrected
  | TimeEntryApproved
  | TimeEntryRejected
  | TimeEntryPriceOverridden
  | TimeEntryVoided
  | MaterialUsed
  | MaterialUsageCorrected
  | MaterialUsageApproved
  | MaterialUsageRejected
  | MaterialUsageVoided
  | ExpenseIncurred
  | ExpenseCorrected
  | ExpenseApproved
  | ExpenseRejected
  | ExpenseVoided
  | CourtesyGranted
  | CourtesyWithdrawn
  | SupplierCreditRecorded
  | SupplierCreditWithdrawn;
