import type { ClientTaxTreatment } from './tax-treatment.js';
import {
  storedEventTypes,
  type Agreed,
  type Currency,
  type DomainEvent,
  type LocalDate,
  type TimeZone,
} from '@billtrail/kernel';
import type { ContractVersion, Count, Notice } from './terms/contract-terms.js';
import type { InvoiceGrouping } from './invoice-grouping.js';
import type { ReachedMilestone } from './terms/milestones.js';
import type { PaymentTerms } from './terms/payment-terms.js';
import type { BlockReturn, PrepaidBlock } from './terms/prepaid.js';
import type { StatedCalendar, StatedHolidays } from './terms/rate-calendar.js';
import type { SiteEvent } from './site.js';

export * from './terms/coverage-rule.js';
export * from './terms/rate-calendar.js';
export * from './terms/rate-card.js';
export * from './terms/payment-terms.js';
export * from './terms/prepaid.js';
export * from './terms/proration.js';
export * from './terms/charges.js';
export * from './terms/milestones.js';
export * from './terms/service-levels.js';
export * from './terms/travel.js';
export * from './terms/contract-terms.js';

export interface ClientFacts {
  readonly name: string;
  readonly currency: Currency;
  /** Days and billing periods of the client are days and months here. */
  readonly timeZone: TimeZone;
  /** Tax identity (ABN, VAT id); null if the client has none. */
  readonly taxId: string | null;
  readonly address: string | null;
  /** The legal reason why supplies bear no tax by default, where their tax category states no treatment; null: they are taxed as it says. */
  readonly taxExemption: string | null;
  /** Which treatment that is. Absent or null: `gst-free`. */
  readonly taxTreatment?: ClientTaxTreatment | null;
  /** Class hours of work for the client, where neither the contract nor the site states any. Absent: the organisation's. */
  readonly calendar?: StatedCalendar;
  /** Holidays of work for the client, where its site states none. Absent: the organisation's; an empty list: none. */
  readonly holidays?: StatedHolidays;
  /** When its documents are due, where their contracts don't say. Absent: the organisation's. */
  readonly paymentTerms?: PaymentTerms;
  /** How its items are laid on documents. Absent: as the organisation says. */
  readonly invoices?: InvoiceGrouping;
  /** Id of the client that receives and pays its documents, where neither contract nor site says. Absent or null: itself. */
  readonly billTo?: string | null;
}

export type ClientRegistered = DomainEvent<'ClientRegistered', ClientFacts & { readonly clientId: string }>;
export type ClientDetailsChanged = DomainEvent<
  'ClientDetailsChanged',
  Agreed & ClientFacts & { readonly clientId: string }
>;
export type ClientEvent = ClientRegistered | ClientDetailsChanged | SiteEvent;

export type ContractActivated = DomainEvent<
  'ContractActivated',
  Agreed & {
    readonly contractId: string;
    readonly clientId: string;
    readonly name: string;
    /** The lower priority is tried first. Two contracts of a client in force on one day at the same priority overlap: gap `unpriced`. */
    readonly priority: number;
  }
>;
export type ContractVersionPublished = DomainEvent<
  'ContractVersionPublished',
  Agreed & ContractVersion & { readonly contractId: string }
>;
/** The version stays in force to a later last day (null: without end). Its terms stay; new terms come as a new version. */
export type ContractRenewed = DomainEvent<
  'ContractRenewed',
  Agreed & { readonly contractId: string; readonly versionNumber: number; readonly effectiveTo: LocalDate | null }
>;
/** A renewal by itself is undone: notice in time was recorded after it. The version is in force to the end of the term before, and no longer. */
export type ContractRenewalReversed = DomainEvent<
  'ContractRenewalReversed',
  Agreed & { readonly contractId: string; readonly versionNumber: number; readonly effectiveTo: LocalDate }
>;
/** The contract rests from this day on: its work goes along the chain, its fees are not charged. */
export type ContractSuspended = DomainEvent<
  'ContractSuspended',
  Agreed & { readonly contractId: string; readonly from: LocalDate; readonly reason: string }
>;
/** In force again from this day on. */
export type ContractResumed = DomainEvent<
  'ContractResumed',
  Agreed & { readonly contractId: string; readonly resumedOn: LocalDate }
>;
export type PrepaidBlockPurchased = DomainEvent<
  'PrepaidBlockPurchased',
  Agreed & PrepaidBlock & { readonly contractId: string }
>;
/** A part of a block, hours and money together, went back to the client. */
export type PrepaidBlockReturned = DomainEvent<
  'PrepaidBlockReturned',
  Agreed & BlockReturn & { readonly contractId: string; readonly blockId: string }
>;
/** The block was purchased by mistake: what is not frozen no longer draws on it, and what is frozen keeps its share of the price. */
export type PrepaidBlockWithdrawn = DomainEvent<
  'PrepaidBlockWithdrawn',
  Agreed & { readonly contractId: string; readonly blockId: string; readonly reason: string }
>;
/** How many devices or users are counted from a day on, for the contract's per-device and per-user charges. */
export type CountRecorded = DomainEvent<'CountRecorded', Agreed & Count & { readonly contractId: string }>;
/** A milestone of the terms is reached, and somebody accepted it for the client: it is billed. */
export type MilestoneReached = DomainEvent<'MilestoneReached', ReachedMilestone & { readonly contractId: string }>;
/** It is not, after all: what was billed of it goes back. */
export type MilestoneDeclarationWithdrawn = DomainEvent<
  'MilestoneDeclarationWithdrawn',
  Agreed & { readonly contractId: string; readonly milestoneId: string; readonly reason: string }
>;
/** The contract shall not be renewed by itself. */
export type NoticeRecorded = DomainEvent<
  'NoticeRecorded',
  Agreed & Omit<Notice, 'isWithdrawn' | 'reminder'> & { readonly contractId: string }
>;
/** It shall, after all. */
export type NoticeWithdrawn = DomainEvent<'NoticeWithdrawn', { readonly contractId: string; readonly reason: string }>;
export type ContractTerminated = DomainEvent<
  'ContractTerminated',
  Agreed & {
    readonly contractId: string;
    readonly lastDay: LocalDate;
    readonly reason: string;
    /** What its charges are committed to ends with it. Absent: it stays owed to its end. */
    readonly releasesCommitments?: boolean;
  }
>;
/**
 * How `contracts-{client}` begins where the client had contracts before it: what was recorded of them lies in `contract-{id}`, read up to these
 * versions.
 */
export type ContractsListed = DomainEvent<
  'ContractsListed',
  {
    readonly clientId: string;
    readonly contracts: readonly { readonly contractId: string; readonly version: number }[];
  }
>;
export type ContractEvent =
  | ContractActivated
  | ContractVersionPublished
  | ContractRenewed
  | ContractRenewalReversed
  | ContractSuspended
  | ContractResumed
  | PrepaidBlockPurchased
  | PrepaidBlockReturned
  | PrepaidBlockWithdrawn
  | CountRecorded
  | MilestoneReached
  | MilestoneDeclarationWithdrawn
  | NoticeRecorded
  | NoticeWithdrawn
  | ContractTerminated;

/** How events of clients and contracts are stored. */
export const storedContractEvents = storedEventTypes<ClientEvent | ContractEvent | ContractsListed>()({
  ClientRegistered: { storedName: 'client-registered', personalFields: ['name', 'taxId', 'address', 'taxExemption'] },
  ClientDetailsChanged: {
    storedName: 'client-details-changed',
    personalFields: ['name', 'taxId', 'address', 'taxExemption', 'secondPerson'],
  },
  SiteRegistered: { storedName: 'site-registered', personalFields: ['name', 'address', 'secondPerson'] },
  SiteDetailsChanged: { storedName: 'site-details-changed', personalFields: ['name', 'address', 'secondPerson'] },
  ContractsListed: { storedName: 'contracts-listed', personalFields: [] },
  ContractActivated: { storedName: 'contract-activated', personalFields: ['name', 'secondPerson'] },
  ContractVersionPublished: { storedName: 'contract-version-published', personalFields: ['secondPerson'] },
  ContractRenewed: { storedName: 'contract-renewed', personalFields: ['secondPerson'] },
  ContractRenewalReversed: { storedName: 'contract-renewal-reversed', personalFields: ['secondPerson'] },
  ContractSuspended: { storedName: 'contract-suspended', personalFields: ['reason', 'secondPerson'] },
  ContractResumed: { storedName: 'contract-resumed', personalFields: ['secondPerson'] },
  PrepaidBlockPurchased: { storedName: 'prepaid-block-purchased', personalFields: ['secondPerson'] },
  PrepaidBlockReturned: { storedName: 'prepaid-block-returned', personalFields: ['reason', 'secondPerson'] },
  PrepaidBlockWithdrawn: { storedName: 'prepaid-block-withdrawn', personalFields: ['reason', 'secondPerson'] },
  CountRecorded: { storedName: 'count-recorded', personalFields: ['secondPerson'] },
  MilestoneReached: { storedName: 'milestone-reached', personalFields: ['acceptedBy'] },
  MilestoneDeclarationWithdrawn: {
    storedName: 'milestone-declaration-withdrawn',
    personalFields: ['reason', 'secondPerson'],
  },
  NoticeRecorded: { storedName: 'notice-recorded', personalFields: ['reason', 'secondPerson'] },
  NoticeWithdrawn: { storedName: 'notice-withdrawn', personalFields: ['reason'] },
  ContractTerminated: { storedName: 'contract-terminated', personalFields: ['reason', 'secondPerson'] },
});
