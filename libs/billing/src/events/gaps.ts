import type { DomainEvent, ForgoingEvent, Minutes, MoneyJson, Month } from '@billtrail/kernel';

/** The closed list of gap kinds (domain.md). */
export const GAP_KINDS = [
  'work-not-recorded',
  'time-unapproved',
  'unbilled',
  'unpriced',
  'contract-mismatch',
  'material-suspected',
  'scope-suspected',
  'cap-exceeded',
] as const;
export type GapKind = (typeof GAP_KINDS)[number];

/** The four ways money leaks, and the kinds that show each. */
export const LEAK_OF: Readonly<Record<GapKind, 'unbilled time' | 'contract mismatch' | 'materials' | 'scope creep'>> = {
  'work-not-recorded': 'unbilled time',
  'time-unapproved': 'unbilled time',
  unbilled: 'unbilled time',
  unpriced: 'contract mismatch',
  'contract-mismatch': 'contract mismatch',
  'material-suspected': 'materials',
  'scope-suspected': 'scope creep',
  'cap-exceeded': 'contract mismatch',
};

/** Value at risk: money where a price is known, else the minutes or nothing but the ticket itself. */
export interface ValueAtRisk {
  readonly money: MoneyJson | null;
  readonly minutes: Minutes | null;
}

/**
 * What a gap without a ticket is about: a charge that a contract makes. Gaps of old logs name charges and work as schema version 1 rendered
 * their ids, and go on under that key (`formerGapKey`): so no open gap closes and opens anew, and gap events need no upcaster.
 */
export interface ChargeOfGap {
  readonly contractId: string;
  readonly chargeId: string;
}

export interface GapFacts {
  readonly kind: GapKind;
  /** null: it is about a charge (`charge` says which), and charges have no ticket. */
  readonly ticketId: string | null;
  readonly clientId: string | null;
  /** Billing period of the work; null where no work date is known. */
  readonly period: Month | null;
  readonly workItemId: string | null;
  readonly valueAtRisk: ValueAtRisk;
  /** Why, in a sentence that finance can read. */
  readonly cause: string;
  /** Ids of the events that show it. */
  readonly sourceEventIds: readonly string[];
  /** Absent: it is about a ticket. */
  readonly charge?: ChargeOfGap;
}

/** How a gap ends without a person accepting it. */
export type GapEnding = 'billed' | 'covered' | 'corrected' | 'written-off';

export type BillingGapOpened = DomainEvent<'BillingGapOpened', GapFacts & { readonly gapId: string }>;
export type BillingGapRevalued = DomainEvent<
  'BillingGapRevalued',
  {
    readonly gapId: string;
    readonly valueAtRisk: ValueAtRisk;
    readonly cause: string;
    readonly sourceEventIds: readonly string[];
  }
>;
export type BillingGapAssigned = DomainEvent<
  'BillingGapAssigned',
  { readonly gapId: string; readonly ownerId: string }
>;
export type BillingGapAccepted = DomainEvent<
  'BillingGapAccepted',
  {
    readonly gapId: string;
    readonly reasonCode: string;
    readonly comment: string;
    readonly acceptedBy: string;
    /** The second person, required above the configured value. */
    readonly secondPerson: string | null;
  }
>;
export type BillingGapClosed = DomainEvent<'BillingGapClosed', { readonly gapId: string; readonly ending: GapEnding }>;
export type GapEvent =
  BillingGapOpened | BillingGapRevalued | BillingGapAssigned | BillingGapAccepted | BillingGapClosed | ForgoingEvent;
