import type { Currency, DomainEvent, LocalDate, MoneyJson, Month } from '@billtrail/kernel';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { DocumentTerms, PartyOnDocument, Totals } from './document.js';
import type { ChangedMeanwhile } from './invoices.js';

/**
 * What becomes of an item on a credit note: `bill-again` gives it free, to be rated as of now; `written-off` forgoes it, or a part of its
 * money; `corrected` settles a credit that rating derived: an adjustment, a discount or a service credit with a negative net.
 */
export const CREDIT_OUTCOMES = ['bill-again', 'written-off', 'corrected'] as const;
export type CreditOutcome = (typeof CREDIT_OUTCOMES)[number];

interface Credited {
  readonly outcome: CreditOutcome;
  /** What the client gets back without tax; negative where a negative line is taken back. */
  readonly net: MoneyJson;
  /** False: only a part of the line's money; the line stays invoiced less this. */
  readonly isWhole: boolean;
}
/** A line of work on a credit note: the invoice line that it credits, letter by letter, or the adjustment that it settles. */
export interface CreditedLine extends Credited {
  readonly line: InvoiceLine;
}
/** The same for a charge. */
export interface CreditedCharge extends Credited {
  readonly charge: FrozenCharge;
}

/** Stream `credit-note-{id}`: the same as {@link InvoiceIdTaken}, for credit notes. */
export type CreditNoteIdTaken = DomainEvent<
  'CreditNoteIdTaken',
  { readonly creditNoteId: string; readonly clientId: string; readonly period: Month }
>;
/**
 * What a credit note shows beside its lines and its number. Its totals are what is given back: positive. Tax is that on the cumulative credited
 * net less what was credited before (rating.md, R13).
 */
export interface CreditNoteFacts extends DocumentTerms, Totals {
  readonly creditNoteId: string;
  readonly clientId: string;
  readonly period: Month;
  readonly currency: Currency;
  /** The client that receives it: of an invoice who received that. Absent: the client served, of before. */
  readonly recipientId?: string;
  /** As on the invoice. Absent: it is not for a site in particular. */
  readonly siteId?: string | null;
  /** null: it gives credits that are owed, and is of no invoice. */
  readonly invoiceId: string | null;
  /** Number of the invoice that it corrects; null: of none. */
  readonly invoiceNumber: string | null;
  readonly issueDate: LocalDate;
  readonly series: string;
  /** As on the invoice. */
  readonly seller: PartyOnDocument;
  readonly buyer: PartyOnDocument;
  readonly taxExemption: string | null;
  readonly reasonCode: string;
  readonly comment: string;
  /** Who agreed to what is written off. */
  readonly secondPerson: string | null;
}
/**
 * Asks for the issue of a credit note: its verdict says whether it stands (ADR 20). Then a number follows and `CreditNoteIssued`, from which on what it takes back is
 * free, or frozen.
 */
export type CreditNoteIssueRequested = DomainEvent<
  'CreditNoteIssueRequested',
  CreditNoteFacts & {
    /** As of `InvoiceIssueRequested`. */
    readonly comparedUpTo?: string;
  }
>;
/** The requested credit note is taken back without a number: a fact came before its request that it was not decided on. It gives nothing back, and its id is free again. */
export type CreditNoteIssueWithdrawn = DomainEvent<
  'CreditNoteIssueWithdrawn',
  {
    readonly creditNoteId: string;
    /** The invoice that it was of; null: of none. */
    readonly invoiceId: string | null;
    /** The day of issue that was requested. */
    readonly issueDate: LocalDate;
    /** The first fact that came in between. */
    readonly changed: ChangedMeanwhile;
  }
>;
/** A bounded part of a credit note's lines, in the append of its request. */
export type CreditNoteLinesAdded = DomainEvent<
  'CreditNoteLinesAdded',
  {
    readonly creditNoteId: string;
    /** null: it is of no invoice. */
    readonly invoiceId: string | null;
    readonly lines: readonly CreditedLine[];
    readonly charges: readonly CreditedCharge[];
  }
>;
/** All that the document shows but its lines, with its number. */
export type CreditNoteIssued = DomainEvent<
  'CreditNoteIssued',
  CreditNoteFacts & { readonly number: string; readonly numberInSeries: number }
>;
export type CreditNoteEvent =
  CreditNoteIssueRequested | CreditNoteLinesAdded | CreditNoteIssueWithdrawn | CreditNoteIssued;
