import type { Currency, DomainEvent, LocalDate, Minutes, StoredEventType, TimeZone } from '@billtrail/kernel';

export interface ClientFacts {
  readonly name: string;
  readonly currency: Currency;
  /** Days and billing periods of the client are days and months here. */
  readonly timeZone: TimeZone;
  /** Tax identity (ABN, VAT id); null where the client has none. */
  readonly taxId: string | null;
  readonly address: string | null;
  /** Invoiced without tax, for the reason given (export, exempt body); null: taxed as the rate card says. */
  readonly taxExemption: string | null;
}

export const WORK_KINDS = ['time', 'material', 'expense'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Which work a coverage rule is about. A criterion that is absent matches everything; each list matches any of its members. */
export interface CoverageMatch {
  readonly kinds?: readonly WorkKind[];
  readonly workTypes?: readonly string[];
  readonly categories?: readonly string[];
  readonly ticketTypes?: readonly string[];
  readonly priorities?: readonly string[];
  readonly engineerRoles?: readonly string[];
  readonly sites?: readonly string[];
  readonly rateClasses?: readonly string[];
}

/** One rule of the ordered list; the first that matches wins (rating.md step 3). */
export interface CoverageRule {
  readonly id: string;
  readonly name: string;
  readonly match: CoverageMatch;
  /** `excluded` sends the work on to the next contract in the chain. */
  readonly outcome: 'included' | 'billable' | 'excluded';
  /** For `included`: minutes of one ticket above which the work looks like scope creep (gap `scope-suspected`). */
  readonly includedMinutesPerTicket?: Minutes;
}

export interface LabourRate {
  readonly workType: string;
  /** null: any role. A rate for the very role wins over it. */
  readonly engineerRole: string | null;
  /** Price of an hour, decimal string. */
  readonly pricePerHour: string;
}

export interface RateCard {
  readonly id: string;
  readonly name: string;
  readonly currency: Currency;
  readonly labour: readonly LabourRate[];
  readonly minimumMinutes: Minutes;
  readonly incrementMinutes: Minutes;
  /** What the minimum and the increment are applied to. A scope never crosses a billing period. */
  readonly roundingScope: 'entry' | 'ticket-day' | 'ticket';
  /** Materials: at list price, or at cost with a markup. `cost-plus` with a missing cost is a gap `unpriced`, never zero. */
  readonly materials: { readonly pricing: 'list' } | { readonly pricing: 'cost-plus'; readonly markupPercent: string };
  readonly expenses: { readonly markupPercent: string };
  /** Tax category of each kind of work; its rate is configuration. */
  readonly taxCategories: Readonly<Record<WorkKind, string>>;
}

/** The terms of one contract version. */
export interface ContractTerms {
  readonly coverage: readonly CoverageRule[];
  readonly rateCard: RateCard;
}

export type ClientRegistered = DomainEvent<'ClientRegistered', ClientFacts & { readonly clientId: string }>;
export type ClientDetailsChanged = DomainEvent<'ClientDetailsChanged', ClientFacts & { readonly clientId: string }>;
export type ClientEvent = ClientRegistered | ClientDetailsChanged;

export type ContractActivated = DomainEvent<
  'ContractActivated',
  {
    readonly contractId: string;
    readonly clientId: string;
    readonly name: string;
    /** Lower is asked first. Two contracts of a client in force on one day with the same priority match equally: gap `unpriced`. */
    readonly priority: number;
  }
>;
export type ContractVersionPublished = DomainEvent<
  'ContractVersionPublished',
  {
    readonly contractId: string;
    /** 1, 2, 3 ... in the order of publication. */
    readonly versionNumber: number;
    readonly effectiveFrom: LocalDate;
    /** Last day in force; null: until the next version or the termination. */
    readonly effectiveTo: LocalDate | null;
    readonly terms: ContractTerms;
  }
>;
export type ContractTerminated = DomainEvent<
  'ContractTerminated',
  { readonly contractId: string; readonly lastDay: LocalDate; readonly reason: string }
>;
export type ContractEvent = ContractActivated | ContractVersionPublished | ContractTerminated;

export const storedContractEvents: readonly StoredEventType[] = [
  { type: 'ClientRegistered', storedName: 'client-registered', schemaVersion: 1 },
  { type: 'ClientDetailsChanged', storedName: 'client-details-changed', schemaVersion: 1 },
  { type: 'ContractActivated', storedName: 'contract-activated', schemaVersion: 1 },
  { type: 'ContractVersionPublished', storedName: 'contract-version-published', schemaVersion: 1 },
  { type: 'ContractTerminated', storedName: 'contract-terminated', schemaVersion: 1 },
];
