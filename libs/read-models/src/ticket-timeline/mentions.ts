import {
  unreachable,
  type ForgoingAct,
  type ForgoingApproved,
  type ForgoingRefused,
  type LocalDate,
  type MoneyJson,
} from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import type { TicketMerged, TicketSplit } from '@billtrail/ticketing';
import { toForgo } from '../approvals/to-forgo.js';
import type { AccountEvent, GapEnding, GapEvent, GapKind, ValueAtRisk } from '@billtrail/billing';

/** The events of accounts and gaps that belong into a ticket's story. A draft or a credit note without lines names no ticket. */
export type MentioningEvent =
  | GapEvent
  | Exclude<AccountEvent, { type: 'InvoiceDrafted' | 'CreditNoteIssueRequested' }>
  | TicketMerged
  | TicketSplit;

export const MENTIONING_TYPES = [
  'BillingGapOpened',
  'BillingGapRevalued',
  'BillingGapAssigned',
  'BillingGapAccepted',
  'BillingGapClosed',
  'InvoiceLinesAdded',
  'InvoiceDraftDiscarded',
  'InvoiceApproved',
  'InvoiceIssueRequested',
  'InvoiceIssueWithdrawn',
  'InvoiceIssued',
  'CreditNoteLinesAdded',
  'CreditNoteIssueWithdrawn',
  'CreditNoteIssued',
  'WorkWrittenOff',
  'ForgoingRequested',
  'ForgoingWithdrawn',
  'ForgoingApproved',
  'ForgoingRefused',
  'TicketMerged',
  'TicketSplit',
] as const satisfies readonly MentioningEvent['type'][];

/** What such an event says about one ticket: all that its sentence needs. */
export type Mention =
  | {
      readonly type: 'BillingGapOpened';
      readonly gapId: string;
      readonly kind: GapKind;
      readonly value: ValueAtRisk;
      readonly cause: string;
    }
  | { readonly type: 'BillingGapRevalued'; readonly gapId: string; readonly value: ValueAtRisk; readonly cause: string }
  | { readonly type: 'BillingGapAssigned'; readonly gapId: string; readonly ownerId: string }
  | {
      readonly type: 'BillingGapAccepted';
      readonly gapId: string;
      readonly reasonCode: string;
      readonly comment: string;
      readonly by: string;
    }
  | { readonly type: 'BillingGapClosed'; readonly gapId: string; readonly ending: GapEnding }
  | { readonly type: 'InvoiceLinesAdded'; readonly invoiceId: string; readonly lines: number; readonly net: MoneyJson }
  | { readonly type: 'InvoiceDraftDiscarded'; readonly invoiceId: string; readonly reason: string }
  | { readonly type: 'InvoiceApproved'; readonly invoiceId: string; readonly by: string }
  | { readonly type: 'InvoiceIssueRequested'; readonly invoiceId: string; readonly issueDate: LocalDate }
  | {
      readonly type: 'InvoiceIssueWithdrawn';
      readonly invoiceId: string;
      readonly issueDate: LocalDate;
      readonly seriesReached: LocalDate | null;
      /** The stream that changed before it. Absent: that is not why. */
      readonly changed?: string;
    }
  | { readonly type: 'InvoiceIssued'; readonly invoiceId: string; readonly number: string }
  | {
      readonly type: 'CreditNoteLinesAdded';
      readonly creditNoteId: string;
      /** null: of a credit note without an invoice. */
      readonly invoiceId: string | null;
      readonly itemIds: readonly string[];
      readonly net: MoneyJson;
    }
  | {
      readonly type: 'CreditNoteIssueWithdrawn';
      readonly creditNoteId: string;
      /** The stream that changed before it. */
      readonly changed: string;
    }
  | {
      readonly type: 'CreditNoteIssued';
      readonly creditNoteId: string;
      readonly number: string;
      readonly invoiceNumber: string | null;
      readonly reasonCode: string;
      readonly comment: string;
    }
  | {
      readonly type: 'WorkWrittenOff';
      readonly workItemId: string;
      readonly kind: WorkKind;
      readonly net: MoneyJson | null;
      readonly reasonCode: string;
      readonly comment: string;
    }
  | {
      readonly type: 'ForgoingRequested';
      readonly act: ForgoingAct;
      readonly target: string;
      /** Of this ticket; null: nobody can state it. */
      readonly value: MoneyJson | null;
      readonly comment: string;
    }
  | { readonly type: 'ForgoingWithdrawn'; readonly reason: string }
  | { readonly type: 'ForgoingRefused'; readonly reason: string; readonly inPlaceOf?: string }
  | { readonly type: 'ForgoingApproved'; readonly comment: string | null; readonly inPlaceOf?: string }
  | { readonly type: 'TicketMerged' | 'TicketSplit'; readonly ticketId: string; readonly reason: string };

function money({ amount, currency }: MoneyJson): string {
  return `${amount} ${currency}`;
}

/** A request to forgo money, which has no effect yet. */
export function sentenceOfForgoing(
  asked: Parameters<typeof toForgo>[0],
  value: MoneyJson | null,
  comment: string | null,
): string {
  const worthIt = value === null ? '' : `, ${money(value)}`;
  return `Asked to ${toForgo(asked)}${worthIt}${comment === null || comment === '' ? '' : `: ${comment}`}`;
}

/** What was asked for ended without effect. */
export function sentenceOfWithdrawal(reason: string): string {
  return `Withdrew a request to forgo money: ${reason}`;
}

/** A second person did not agree. */
export function sentenceOfRefusal({
  reason,
  inPlaceOf,
}: Pick<ForgoingRefused['data'], 'reason' | 'inPlaceOf'>): string {
  return `Refused a request to forgo money${inPlace(inPlaceOf)}: ${reason}`;
}

/** A second person agreed: the effect follows. */
export function sentenceOfApproval({
  comment,
  inPlaceOf,
}: Pick<ForgoingApproved['data'], 'comment' | 'inPlaceOf'>): string {
  return `Approved a request to forgo money${inPlace(inPlaceOf)}${comment === null ? '' : `: ${comment}`}`;
}

/** Who decides in the place of another is the actor. */
export function inPlace(personId: string | undefined): string {
  return personId === undefined ? '' : ` in the place of ${personId}`;
}

function worth({ money: value, minutes }: ValueAtRisk): string {
  if (value !== null) return `, ${money(value)} at risk`;
  return minutes === null ? '' : `, ${minutes} min at risk`;
}

/** The mention as a person reads it. */
export function sentenceOfMention(mention: Mention): string {
  switch (mention.type) {
    case 'BillingGapOpened':
      return `Opened billing gap ${mention.kind}${worth(mention.value)}: ${mention.cause}`;
    case 'BillingGapRevalued':
      return `Revalued the billing gap${worth(mention.value)}: ${mention.cause}`;
    case 'BillingGapAssigned':
      return `Assigned the billing gap to ${mention.ownerId}`;
    case 'BillingGapAccepted':
      return `Accepted the billing gap (${mention.reasonCode}): ${mention.comment}`;
    case 'BillingGapClosed':
      return `Closed the billing gap as ${mention.ending}`;
    case 'InvoiceLinesAdded':
      return `Put ${mention.lines} ${mention.lines === 1 ? 'item' : 'items'} of ${money(mention.net)} on draft ${mention.invoiceId}`;
    case 'InvoiceDraftDiscarded':
      return `Discarded draft ${mention.invoiceId}: ${mention.reason}`;
    case 'InvoiceApproved':
      return `Approved draft ${mention.invoiceId}`;
    case 'InvoiceIssueRequested':
      return `Locked draft ${mention.invoiceId} for issue on ${mention.issueDate}`;
    case 'InvoiceIssueWithdrawn':
      return `Took back the issue of draft ${mention.invoiceId} on ${mention.issueDate}: ${mention.changed === undefined ? `its series had reached ${mention.seriesReached}` : `before it ${mention.changed} had changed`}`;
    case 'InvoiceIssued':
      return `Issued invoice ${mention.number}`;
    case 'CreditNoteLinesAdded':
      return `Credited ${mention.itemIds.join(', ')}${mention.invoiceId === null ? '' : ` of invoice ${mention.invoiceId}`}: ${money(mention.net)} back`;
    case 'CreditNoteIssueWithdrawn':
      return `Withdrew credit note ${mention.creditNoteId} before it was issued, because ${mention.changed} had changed; nothing was credited`;
    case 'CreditNoteIssued':
      return `Issued credit note ${mention.number}${mention.invoiceNumber === null ? '' : ` of invoice ${mention.invoiceNumber}`} (${mention.reasonCode}): ${mention.comment}`;
    case 'WorkWrittenOff': {
      const what = mention.net === null ? 'without a price' : `of ${money(mention.net)}`;
      return `Wrote off ${mention.kind} ${mention.workItemId} ${what} (${mention.reasonCode}): ${mention.comment}`;
    }
    case 'ForgoingRequested':
      return sentenceOfForgoing(mention, mention.value, mention.comment);
    case 'ForgoingWithdrawn':
      return sentenceOfWithdrawal(mention.reason);
    case 'ForgoingRefused':
      return sentenceOfRefusal(mention);
    case 'ForgoingApproved':
      return sentenceOfApproval(mention);
    case 'TicketMerged':
      return `Ticket ${mention.ticketId} was merged into this one: ${mention.reason}`;
    case 'TicketSplit':
      return `Ticket ${mention.ticketId} was taken out of this one again: ${mention.reason}`;
    default:
      return unreachable(mention);
  }
}
