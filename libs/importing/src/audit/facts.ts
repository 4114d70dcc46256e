import type { GapKind } from '@billtrail/billing';
import type { WorkKind } from '@billtrail/contracts';
import type { Minutes, Money, MoneyJson } from '@billtrail/kernel';

export type ExportName = 'tickets' | 'work' | 'invoices';

/** A ticket as the export shows it. */
export interface AuditedTicket {
  readonly line: number;
  readonly ticketId: string;
  readonly client: string | null;
  readonly state: string;
  readonly resolved: boolean;
  /** RFC 3339, UTC; null: the export does not say. */
  readonly resolvedAt: string | null;
  readonly text: string;
  /** Value of the flag that declares it free of charge; null: it is not. */
  readonly noCharge: string | null;
}

/** A piece of work as the export shows it. */
export interface AuditedWork {
  readonly line: number;
  /** null: the export gives work no id. */
  readonly workId: string | null;
  readonly ticketId: string | null;
  readonly kind: WorkKind;
  readonly minutes: Minutes | null;
  readonly pricePerHour: Money | null;
  /** What it should bring: stated, or minutes x price, rounded once. null: there is no price. */
  readonly amount: Money | null;
  readonly date: string | null;
  readonly description: string;
  /** Value of the flag that says the client does not pay for it extra; null: it is billable. */
  readonly covered: string | null;
  readonly unapproved: boolean;
}

export interface AuditedLine {
  readonly line: number;
  readonly invoice: string;
  readonly ticketReference: string | null;
  readonly workReference: string | null;
  readonly minutes: Minutes | null;
  readonly amount: Money | null;
  readonly description: string;
}

export interface UnreadableRow {
  readonly export: ExportName;
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}

export const TICKET_OUTCOMES = ['billed', 'covered', 'gap', 'not-shown'] as const;
/** What became of a resolved ticket. `not-shown`: the exports can't tell. */
export type TicketOutcome = (typeof TICKET_OUTCOMES)[number];

export interface AuditGap {
  readonly kind: GapKind;
  readonly leak: string;
  readonly ticketId: string;
  readonly client: string | null;
  readonly workId: string | null;
  /** Line of the work in its export; null if the gap is about the ticket. */
  readonly workLine: number | null;
  readonly money: MoneyJson | null;
  readonly minutes: Minutes | null;
  readonly cause: string;
}

export interface TicketResult {
  readonly ticketId: string;
  readonly client: string | null;
  readonly state: string;
  readonly resolvedAt: string | null;
  readonly outcome: TicketOutcome;
  /** Why it is covered, billed or not shown, in a sentence; for a gap the causes are at the gaps. */
  readonly reason: string;
  readonly workItems: number;
  readonly workedMinutes: Minutes;
  readonly invoiceLines: readonly string[];
  readonly gaps: readonly AuditGap[];
}
