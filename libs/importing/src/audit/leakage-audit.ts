import type { GapKind } from '@billtrail/billing';
import type { Currency, MoneyJson } from '@billtrail/kernel';
import type { AuditGap, TicketResult, TicketOutcome, UnreadableRow } from './facts.js';

export interface ListedLine {
  readonly invoice: string;
  readonly line: number;
  readonly amount: MoneyJson | null;
  readonly minutes: number | null;
  readonly reason: string;
}

export interface LeakTotal {
  readonly gaps: number;
  readonly tickets: number;
  /** Sum of the gaps that have a price; what has none is counted in `withoutPrice`. */
  readonly money: MoneyJson;
  readonly minutes: number;
  readonly withoutPrice: number;
}

export interface InputFacts {
  readonly file: string;
  readonly rows: number;
}

/** The answer of a leakage audit. Plain data, as `--json` prints it. */
export interface LeakageAudit {
  readonly source: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly inputs: {
    readonly tickets: InputFacts;
    readonly work: InputFacts | null;
    readonly invoices: (InputFacts & { readonly ignoredLines: number }) | null;
  };
  readonly totals: {
    readonly tickets: number;
    readonly resolved: number;
    /** `tickets` less `resolved`: they are in no other figure. */
    readonly notResolved: number;
    /** Resolved tickets by outcome: they sum to `resolved`. */
    readonly outcomes: Readonly<Record<TicketOutcome, number>>;
    readonly gaps: number;
    readonly valueAtRisk: MoneyJson;
    readonly workItems: number;
    readonly workedMinutes: number;
  };
  /** Tickets that are not resolved, by their state (as the export has it), most first: states that `tickets.resolved` does not name. */
  readonly statesNotResolved: readonly { readonly state: string; readonly tickets: number }[];
  readonly byKind: readonly (LeakTotal & { readonly kind: GapKind; readonly leak: string })[];
  readonly byLeak: readonly (LeakTotal & { readonly leak: string })[];
  /** Every resolved ticket, in the order of the export. */
  readonly tickets: readonly TicketResult[];
  readonly gaps: readonly AuditGap[];
  readonly invoiceLines: {
    /** Lines that bill a ticket or work of the exports, as far as it can be told. */
    readonly matched: number;
    /** Lines that name a ticket or work and state neither minutes nor an amount: they count as billing nothing. */
    readonly blank: readonly ListedLine[];
    /** Lines that state minutes and no amount: they count at the price of the work. Some of `matched`. */
    readonly withoutAmount: number;
    readonly unmatched: readonly ListedLine[];
    readonly ambiguous: readonly ListedLine[];
    readonly billedTwice: readonly ListedLine[];
  };
  /** Work that names no ticket, or one that the ticket export does not have: lines of the work export. */
  readonly workWithoutTicket: readonly {
    readonly line: number;
    readonly ticketReference: string | null;
    readonly minutes: number | null;
  }[];
  readonly unreadable: readonly UnreadableRow[];
  /** What these exports cannot show, in sentences for the reader of the report. */
  readonly cannotShow: readonly string[];
}
