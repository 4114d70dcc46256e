import type { LocalDate, Month } from '@billtrail/kernel';
import type { CreditAsked } from '@billtrail/billing';
import type { Msp } from '../scenarios/msp.js';

/**
 * A client-month that a person reckoned with pen and paper: the contract's terms, what happened, and after each stage the documents, the open
 * gaps and what is left of blocks. Every figure is worked out from the rules by its writer, and none is taken from the program.
 */
export interface Reckoning {
  readonly title: string;
  readonly client: ClientOnPage;
  /** What the client agreed to, as a contract file (docs/contracts.md). */
  readonly contracts: string;
  /** The day on which the story begins. */
  readonly opens: LocalDate;
  readonly stages: readonly Stage[];
}

interface ClientOnPage {
  readonly clientId: string;
  readonly currency?: string;
  readonly timeZone?: string;
  /** The client's tax, as the organisation has it; by default GST at 10 %. */
  readonly taxRates?: Readonly<Record<string, string>>;
}

/** Something happens, and what is then on paper. */
export interface Stage {
  readonly on: LocalDate;
  readonly what: string;
  readonly happens?: (msp: Msp) => Promise<unknown>;
  readonly invoice?: InvoicePage;
  readonly creditNote?: CreditNotePage;
  /** All open gaps. Absent: there is none. */
  readonly gaps?: readonly GapLine[];
  /** What is left of each block, and of the allotment of a month. */
  readonly left?: Readonly<Record<string, string>>;
}

export interface InvoicePage extends DocumentPage {
  readonly invoiceId: string;
  readonly period: Month;
  readonly lines: readonly Line[];
}

export interface CreditNotePage extends DocumentPage {
  readonly creditNoteId: string;
  readonly invoiceId: string;
  readonly period: Month;
  readonly credits: readonly CreditAsked[];
  readonly lines: readonly CreditLine[];
}

interface DocumentPage {
  /** Each tax: its category, its arithmetic on the net of that category, and what it comes to. */
  readonly tax: readonly (readonly [category: string, sum: string, amount: string])[];
  readonly total: string;
}

/** A line of an invoice. */
export interface Line {
  readonly id: string;
  /** With its unit: `1.25 h`. */
  readonly quantity: string;
  /** Of one unit. */
  readonly price: string;
  /** The arithmetic of the net, written out. */
  readonly sum: string;
  readonly net: string;
  readonly why: string;
}

interface CreditLine {
  readonly id: string;
  readonly sum: string;
  readonly net: string;
  readonly why: string;
}

interface GapLine {
  /** Its kind, and the work, ticket or charge that it is about. */
  readonly kind: string;
  readonly of: string;
  /** Money, or minutes where there is no price. */
  readonly value: string;
  /** The arithmetic of the value. Absent: it stands on a line above. */
  readonly sum?: string;
  readonly why: string;
}

/** A line of an invoice, in the order in which an accountant writes it. */
export function line(id: string, quantity: string, price: string, sum: string, net: string, why: string): Line {
  return { id, quantity, price, sum, net, why };
}

/** Work that costs nothing more, for it was paid for before or with other work: it has a line at zero, so that the client sees it. */
export function covered(id: string, quantity: string, why: string): Line {
  return { id, quantity, price: '0.00', sum: '0', net: '0.00', why };
}

export function gap(kind: string, of: string, value: string, why: string, sum?: string): GapLine {
  return { kind, of, value, why, ...(sum === undefined ? {} : { sum }) };
}
