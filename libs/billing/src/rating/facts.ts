import type { Currency, Instant, LocalDate, Month, MoneyJson, TimeZone } from '@billtrail/kernel';
import type {
  BlockDue,
  ContractVersion,
  Count,
  Notice,
  OwnedBlock,
  Site,
  SlaTarget,
  StatedCalendar,
  StatedHolidays,
  Suspension,
  ReachedMilestone,
} from '@billtrail/contracts';
import type { ExpenseFacts, MaterialFacts, Scope, TimeEntryFacts } from '@billtrail/ticketing';
import type { EndsGap } from './charges/ends-by.js';
import type { BillingConfiguration, ChargeOfGap, GapKind, ValueAtRisk } from '../events.js';
import type { Approval, BillableItem, Segment } from '../item/billable-item.js';
import type { Charge, ChargeItem } from '../item/charge-item.js';
import type { Draw } from '../item/draw.js';
import type { CarriedOver, Lapse } from './prepaid/prepaid-facts.js';

/** A block, and what went back of it, with the event of its purchase. */
export interface BlockFacts extends OwnedBlock {
  readonly eventId: string;
}

/** A count, with the event that recorded it. */
export interface CountFacts extends Count {
  readonly eventId: string;
  /** The day on which it was, in the contract's zone, else the client's of then. Absent: as if on its own day. */
  readonly recordedOn?: LocalDate;
}

/** An event by which a version of a contract is in force: its publication, or a renewal. */
export interface VersionEvent {
  readonly versionNumber: number;
  readonly eventId: string;
  /** Of a renewal: the first day that it gave the version, and the last; null: without end. Absent: it is the publication. */
  readonly renewal?: { readonly on: LocalDate; readonly until: LocalDate | null };
}

/** An event that took days from what a contract charges, or gave them back: a suspension, its end, a termination, a renewal that was undone. */
export interface DaysEvent {
  readonly eventId: string;
  /** The first day that it is about, and the last; null: every day from then on. */
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** A contract of a client, with all its published versions. */
export interface ContractFacts {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly priority: number;
  /** Last day in force; null: not terminated. */
  readonly lastDay: LocalDate | null;
  /** Of its termination: what its charges are committed to ends with it. Absent: it stays owed to its end. */
  readonly releasesCommitments?: boolean;
  /** As renewals left them. */
  readonly versions: readonly ContractVersion[];
  /** What brought them into force, in the order in which it was recorded. Absent: it is not known, as of a contract that is only supposed. */
  readonly versionEvents?: readonly VersionEvent[];
  /** Absent: it is not known, as of a contract that is only supposed. */
  readonly daysEvents?: readonly DaysEvent[];
  /** Absent: none. */
  readonly suspensions?: readonly Suspension[];
  /** Blocks that were not withdrawn. Absent: none. */
  readonly blocks?: readonly BlockFacts[];
  /** Those that were: work draws on them no more, and what is frozen keeps its share of their price. Absent: none. */
  readonly withdrawnBlocks?: readonly BlockFacts[];
  /** In the order in which they were recorded. Absent: none. */
  readonly counts?: readonly CountFacts[];
  /** Milestones that are declared reached, each with the event that says so. Absent: none. */
  readonly milestones?: readonly MilestoneFacts[];
  /** Absent: nobody gave notice. */
  readonly notice?: Notice;
}

/** A milestone that is reached, with the event that declared it. */
export interface MilestoneFacts extends ReachedMilestone {
  readonly eventId: string;
}

/** A target of a ticket's SLA that was missed, as `SlaBreached` records it. */
export interface SlaBreach {
  readonly ticketId: string;
  readonly target: SlaTarget;
  readonly priority: string;
  /** The day of the breach in the contract's zone: it finds the version and the period of the credit. */
  readonly breachedOn: LocalDate;
  readonly contractId: string;
  readonly eventId: string;
  /** Which life of the ticket: 2 from the first time that it went on after it was closed. Absent: the first. */
  readonly run?: number;
}

/** Days for which a recurring charge was asked. */
export interface FeeDays {
  /** Of the account. */
  readonly period: Month;
  readonly contractId: string;
  readonly termId: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** A fee, or an adjustment of one, that a document of another period's account asks for or gives back, and who received that. */
export interface UnitsAsked {
  /** Of the account. */
  readonly period: Month;
  readonly charge: Charge;
  readonly recipientId: string;
}

/** Something that was said of the scope of a ticket's work: with a resolution, or by Operations with a reason. */
export interface ScopeStatement {
  readonly by: 'resolution' | 'operations';
  readonly scope: Scope;
  /** null: of a resolution. */
  readonly reason: string | null;
  /** Position of the event: it tells which work had been recorded by then. */
  readonly position: number;
  readonly eventId: string;
}

/**
 * What people wrote on a ticket with one event: the material words that were found in it when it was recorded. Of before words were recorded, the text itself,
 * to be searched for those of now.
 */
export type TicketText = { readonly eventId: string } & (
  { readonly words: readonly string[] } | { readonly text: string }
);

/** A declaration that the work of a ticket costs nothing: of the work as it was stated by then. What is recorded or corrected later is declared again, or charged. */
export interface NoCharge {
  readonly reasonCode: string;
  readonly reason: string;
  readonly eventId: string;
  /** Of its event. Absent: it is only supposed, and holds for all work. */
  readonly position?: number;
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
  /** Everything people wrote on it: summary, description, notes, resolution. What named no part may be left out. */
  readonly texts: readonly TicketText[];
  readonly materials: 'listed' | 'none-used' | null;
  /** Day of the latest resolution, in the client's zone; null: it never was resolved. It stays when the ticket is opened again. */
  readonly resolvedOn: LocalDate | null;
  readonly resolvedEventId: string | null;
  /** Absent: it was not opened again, or ended since. */
  readonly reopened?: {
    /** Of its event: what was recorded before is work of the ticket as it was resolved. */
    readonly position: number;
    /** No charge was declared for it then: the declaration ended. */
    readonly wasFree: boolean;
  };
  /**
   * Work that was recorded before this position is held, whatever the resolution here says: the ticket was split off from one that was resolved, or is part of one whose
   * resolutions go further. Absent: no more than that says.
   */
  readonly alsoHeldBefore?: number;
  readonly noCharge: NoCharge | null;
  /** In order. Absent: none, or nothing but `in-contract` at its resolutions. */
  readonly scope?: readonly ScopeStatement[];
}

/** A price of an hour that a person with the permission set for one entry, with a reason: it wins over every card (rating.md step 5). */
export interface PriceOverride {
  readonly pricePerHour: MoneyJson;
  readonly reason: string;
  readonly overriddenBy: string;
  readonly eventId: string;
}

/** An amount that accounts take off one piece of work, with a reason that the client reads. */
export interface Courtesy {
  /** Positive. What the work comes to beyond it is asked for. */
  readonly amount: MoneyJson;
  /** True where all was given that the work came to: then it draws nothing of what is prepaid. */
  readonly isAll: boolean;
  readonly reason: string;
  readonly grantedBy: string;
  readonly eventId: string;
}

interface WorkItemCommon {
  readonly workItemId: string;
  readonly ticketId: string;
  /** Position of the event that first recorded it: breaks ties within a work date. */
  readonly position: number;
  /** Position of its latest correction. Absent: nobody corrected it. */
  readonly correctedAt?: number;
  /** It was approved once, whatever became of that since. Absent: never. */
  readonly wasApproved?: true;
  /** The event that recorded it and those that corrected it. */
  readonly sourceEventIds: readonly string[];
  /** Absent: nothing is given. A correction leaves it: it is an amount that somebody agreed to. */
  readonly courtesy?: Courtesy;
}
export type WorkItem = WorkItemCommon &
  (
    | ({
        readonly kind: 'time';
        readonly approval: Approval;
        /** Absent: none. A multiplier is not laid on it. */
        readonly override?: PriceOverride;
      } & TimeEntryFacts)
    | ({
        readonly kind: 'material';
        /** What the supplier gave back for goods under warranty. Absent: nothing. */
        readonly supplierCredits?: readonly SupplierCreditFacts[];
        /** Whoever recorded or corrected it approved it. Absent: somebody else did, or nobody has. */
        readonly isOwnApproval?: true;
      } & OfGoods &
        MaterialFacts)
    | ({ readonly kind: 'expense' } & OfGoods & ExpenseFacts)
  );

/** A supplier's credit, net of tax, with the event that records it. */
export interface SupplierCreditFacts {
  readonly amount: MoneyJson;
  readonly eventId: string;
  /** What a piece costs by the claim, net of tax. Absent: nobody stated a cost, or it was recorded before this was said. */
  readonly claimedCost?: MoneyJson;
}

interface OfGoods {
  /** Absent: it was recorded before goods were approved, and needs no approval. */
  readonly approval?: Approval;
}

/** By how many days the date in one zone of the earth may be ahead of that in another: of a contract's, of that where its work is done. */
export const MAX_DAYS_AHEAD = 2;

/** Class hours, holidays and sites of a client. What is absent is the organisation's. */
export interface ClientPlaces {
  readonly calendar?: StatedCalendar;
  readonly holidays?: StatedHolidays;
  readonly sites: readonly Site[];
}

/** What a document holds of work of such a ticket, or what was written off of it. */
export interface SettledOfIncident {
  readonly itemId: string;
  readonly workItemId: string;
  /** The account that holds it. */
  readonly period: Month;
  /** When the work began as it was then; null: only its day was stated. */
  readonly startedAt: Instant | null;
  /** Absent: all of it. */
  readonly segment?: Segment;
}

/**
 * What is known, beyond the period, of tickets that have work in it or a fixed price in its account: such a price is asked once over all periods. Where so many of a
 * month cost nothing, also of all tickets with work in the months of those that have a price in the account.
 */
export interface IncidentFacts {
  /** Their live work in the client's other periods. */
  readonly work: readonly WorkItem[];
  /** What documents of any period hold of their work, here and there, or what was written off of it. */
  readonly settled: readonly SettledOfIncident[];
  /** The fixed prices that documents of the client's other periods ask for them. */
  readonly asked: readonly { readonly chargeId: string; readonly period: Month }[];
}

/** What the steps of rating need of a client-period; what is settled of it they ask of `Earlier`, `Ledger` and `ChargeLedger`. */
export interface PeriodFacts {
  readonly clientId: string;
  readonly currency: Currency;
  readonly period: Month;
  readonly contracts: readonly ContractFacts[];
  /**
   * The tickets that the work items name, and those that the frozen lines and write-offs name. Under the id of one that was merged into another is that
   * other, as `partOf` has it: its own id tells which.
   */
  readonly tickets: ReadonlyMap<string, TicketFacts>;
  /**
   * The live (not voided) work items of the period: those of its work dates and, of entries with start and end, all that touch a day of
   * it in any zone. What of them falls in another period is left to that period.
   */
  readonly work: readonly WorkItem[];
  readonly configuration: BillingConfiguration;
  /** Zone of contracts that state none. Absent: the organisation's. */
  readonly clientTimeZone?: TimeZone;
  /** The client that receives and pays, where neither contract nor site names one. Absent: the client served. */
  readonly billTo?: string;
  /** What the client states of the places where work is done, besides its zone. Absent: nothing. */
  readonly places?: ClientPlaces;
  /** What the period before carried over. Absent: nothing, the first period of the client. */
  readonly carriedOver?: CarriedOver;
  /** Frozen draws of later periods on blocks: they hold before any draw of this one, so that no block is over-drawn. Absent: none. */
  readonly laterDraws?: readonly Draw[];
  /** What later periods froze under the caps of tickets, by what `CapUsed` names. Absent: none. */
  readonly laterCaps?: CarriedOver['caps'];
  /** Days for which invoices of other periods' accounts ask a fee, where a contract's cycles changed. Absent: none. */
  readonly feesElsewhere?: readonly FeeDays[];
  /** What other periods' accounts ask of fees whose units join and leave their cycles, in the order of the log. Absent: no contract has such fees. */
  readonly unitsElsewhere?: readonly UnitsAsked[];
  /** Charges that come once in the life of a contract and that documents of other periods' accounts have: their ids. Absent: none. */
  readonly onceElsewhere?: readonly string[];
  /** What fixed prices of tickets ask besides. Absent: no contract has any. */
  readonly incidents?: IncidentFacts;
  /** The latest day of the period on which a ticket of the client moved, where the term of a contract ended before. Absent: none did, or none ended. */
  readonly lastTicketMove?: LocalDate;
  /** Breaches of the period. Absent: none. */
  readonly slaBreaches?: readonly SlaBreach[];
}

/** A gap as the facts show it. Its identity is (kind, ticket, work item or charge, period, client): see `gapKey`. */
export interface DerivedGap {
  readonly kind: GapKind;
  /** null: of a charge. */
  readonly ticketId: string | null;
  readonly clientId: string | null;
  readonly period: Month | null;
  readonly workItemId: string | null;
  readonly valueAtRisk: ValueAtRisk;
  readonly cause: string;
  readonly sourceEventIds: readonly string[];
  /** First day on which it is a gap (`unbilled` waits for the billing delay); null: at once. */
  readonly dueOn: LocalDate | null;
  /** The charge that it is about, where there is no ticket. Absent: it is about a ticket. */
  readonly charge?: ChargeOfGap;
  /** Absent: its cause says it, or its kind does. */
  readonly endsBy?: EndsGap;
}

/** What rating makes of work. */
export interface RatedWork {
  readonly items: readonly BillableItem[];
  readonly gaps: readonly DerivedGap[];
}

/** What rating makes of a client-period. */
export interface RatingResult<Item extends BillableItem = BillableItem> extends RatedWork {
  readonly items: readonly Item[];
  readonly charges: readonly ChargeItem[];
  /** Every draw of the period, frozen ones too, in the order in which they were taken. */
  readonly draws: readonly Draw[];
  /** For the next period. */
  readonly carriedOver: CarriedOver;
  /** What of unused bases of earlier months lapsed when the period began, above what the terms let go on. */
  readonly lapses: readonly Lapse[];
  /** Contracts that need another block, by their own terms. */
  readonly blocksDue: readonly BlockDue[];
}
