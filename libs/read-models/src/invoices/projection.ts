import { invariant, unreachable } from '@billtrail/kernel';
import type { AccountEvent, FrozenCharge, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import { minorOf } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type Folding, type LogProjection, type RecordedOf } from '../runner/projection.js';
import { showable } from './by-name.js';
import { CreditNotesFold } from './credit-notes-fold.js';
import { CHARGES_OF_INVOICES, CREDIT_NOTES, INVOICES, LINES_OF_CREDIT_NOTES, LINES_OF_INVOICES } from './tables.js';

/** All that is told of documents. */
export const DOCUMENT_TYPES = [
  'InvoiceDrafted',
  'InvoiceLinesAdded',
  'InvoiceDraftDiscarded',
  'InvoiceApproved',
  'InvoiceIssueRequested',
  'InvoiceIssueWithdrawn',
  'InvoiceIssued',
  'CreditNoteIssueRequested',
  'CreditNoteLinesAdded',
  'CreditNoteIssueWithdrawn',
  'CreditNoteIssued',
] as const satisfies readonly AccountEvent['type'][];

type DocumentEvent = Extract<AccountEvent, { type: (typeof DOCUMENT_TYPES)[number] }>;

/** The documents, invoices and credit notes, folded from the account streams. */
export const invoicesProjection: LogProjection = {
  name: 'invoices',
  schemaVersion: 13,
  types: DOCUMENT_TYPES,
  categories: ['account'],
  tables: [INVOICES, LINES_OF_INVOICES, CHARGES_OF_INVOICES, CREDIT_NOTES, LINES_OF_CREDIT_NOTES],
  start: (database) => new InvoicesFold(database),
};

class InvoicesFold implements Folding {
  private readonly draft;
  private readonly lineCount;
  private readonly addLine;
  private readonly addCharge;
  private readonly addToTotals;
  private readonly discard;
  private readonly approve;
  private readonly request;
  private readonly withdraw;
  private readonly issue;
  private readonly creditNotes: CreditNotesFold;

  constructor(database: ReadDatabase) {
    this.creditNotes = new CreditNotesFold(database);
    this.draft = database.insert(INVOICES);
    this.lineCount = database
      .statement<[string], number>('SELECT line_count FROM invoices WHERE invoice_id = ?')
      .pluck();
    this.addLine = database.insert(LINES_OF_INVOICES);
    this.addCharge = database.insert(CHARGES_OF_INVOICES);
    this.addToTotals = database.statement(
      'UPDATE invoices SET net_minor = net_minor + ?, line_count = line_count + ? WHERE invoice_id = ?',
    );
    this.discard = database.statement(
      "UPDATE invoices SET status = 'discarded', discard_reason = ? WHERE invoice_id = ?",
    );
    this.approve = database.statement("UPDATE invoices SET status = 'approved', approved_by = ? WHERE invoice_id = ?");
    this.request = database.statement(
      `UPDATE invoices SET status = 'issuing', issue_date = ?, due_date = ?, terms = ?, tax_rounding = ?, series = ?, seller = ?, buyer = ?, tax_totals = ?, net_minor = ?, tax_minor = ?,
         total_minor = ? WHERE invoice_id = ?`,
    );
    this.withdraw = database.statement(
      "UPDATE invoices SET status = 'approved', issue_date = ?, due_date = NULL, terms = NULL, series = NULL WHERE invoice_id = ?",
    );
    this.issue = database.statement(
      "UPDATE invoices SET status = 'issued', number = ?, number_in_series = ?, series = ?, issued_at = ? WHERE invoice_id = ?",
    );
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<DocumentEvent>(recorded);
    switch (event.type) {
      case 'InvoiceDrafted':
        return this.drafted(event);
      case 'InvoiceLinesAdded':
        return this.linesAdded(event.data.invoiceId, event.data.lines, event.data.charges ?? []);
      case 'InvoiceDraftDiscarded':
        return known(event, this.discard.run(event.data.reason, event.data.invoiceId));
      case 'InvoiceApproved':
        return known(event, this.approve.run(event.data.approvedBy, event.data.invoiceId));
      case 'InvoiceIssueRequested':
        return this.issueRequested(event);
      case 'InvoiceIssueWithdrawn':
        return known(event, this.withdraw.run(event.data.meantFor, event.data.invoiceId));
      case 'InvoiceIssued': {
        const { invoiceId, number, numberInSeries, series } = event.data;
        return known(event, this.issue.run(number, numberInSeries, series, event.occurredAt, invoiceId));
      }
      case 'CreditNoteIssueRequested':
      case 'CreditNoteLinesAdded':
      case 'CreditNoteIssueWithdrawn':
      case 'CreditNoteIssued':
        return this.creditNotes.apply(event);
      default:
        return unreachable(event);
    }
  }

  private drafted({
    id,
    data,
    occurredAt,
    position,
  }: Extract<RecordedOf<DocumentEvent>, { type: 'InvoiceDrafted' }>): void {
    const { totals, recipientId = data.clientId, siteId = null, draftedBy = null, ...draft } = data;
    this.draft({
      ...NOT_YET,
      ...draft,
      recipientId,
      siteId,
      draftedBy,
      taxMinor: totals === null ? null : minorOf(totals.tax),
      totalMinor: totals === null ? null : minorOf(totals.total),
      taxTotals: totals === null ? null : showable(totals.taxTotals),
      status: 'draft',
      draftedAt: occurredAt,
      draftedPosition: position,
      draftedEventId: id,
    });
  }

  private linesAdded(invoiceId: string, lines: readonly InvoiceLine[], charges: readonly FrozenCharge[]): void {
    const before = this.lineCount.get(invoiceId);
    invariant(before !== undefined, `invoice ${invoiceId} was never drafted`);
    let net = 0n;
    let lineNumber = before;
    for (const line of lines) {
      const { currency } = line.net;
      const netMinor = minorOf(line.net);
      net += netMinor;
      this.addLine({ ...line, invoiceId, lineNumber: ++lineNumber, netMinor, currency, line });
    }
    for (const charge of charges) {
      const { currency } = charge.net;
      const netMinor = minorOf(charge.net);
      net += netMinor;
      const { chargeItemId } = charge;
      this.addCharge({ invoiceId, lineNumber: ++lineNumber, chargeItemId, netMinor, currency, charge });
    }
    this.addToTotals.run(net, lines.length + charges.length, invoiceId);
  }

  private issueRequested(event: Extract<RecordedOf<DocumentEvent>, { type: 'InvoiceIssueRequested' }>): void {
    const { invoiceId, issueDate, dueDate, terms, taxRounding, series, seller, buyer, taxTotals, net, tax, total } =
      event.data;
    const requested = this.request.run(
      issueDate,
      dueDate,
      terms,
      taxRounding,
      series,
      JSON.stringify(seller),
      JSON.stringify(buyer),
      JSON.stringify(showable(taxTotals)),
      minorOf(net),
      minorOf(tax),
      minorOf(total),
      invoiceId,
    );
    known(event, requested);
  }
}

const NOT_YET = {
  number: null,
  numberInSeries: null,
  series: null,
  issueDate: null,
  netMinor: 0n,
  lineCount: 0,
  creditedNetMinor: 0n,
  creditedTaxMinor: 0n,
  approvedBy: null,
  discardReason: null,
  issuedAt: null,
} as const;

function known(
  event: { readonly data: { readonly invoiceId: string } },
  { changes }: { readonly changes: number },
): void {
  invariant(changes === 1, `invoice ${event.data.invoiceId} was never drafted`);
}
