import { invariant, unreachable } from '@billtrail/kernel';
import type { CreditNoteEvent, CreditNoteLinesAdded } from '@billtrail/billing';
import { minorOf } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';

/** Folds credit notes, and puts on their invoice what was given back of it. */
export class CreditNotesFold {
  private readonly request;
  private readonly lineCount;
  private readonly addLine;
  private readonly addToLineCount;
  private readonly addToInvoice;
  private readonly issue;

  constructor(database: ReadDatabase) {
    this.request = database.statement(
      `INSERT INTO credit_notes VALUES (?, ?, ?, ?, ?, 'issuing', NULL, NULL, ?, ?, ?, 0, ?, ?, NULL)`,
    );
    this.lineCount = database
      .statement<[string], number>('SELECT line_count FROM credit_notes WHERE credit_note_id = ?')
      .pluck();
    this.addLine = database.statement('INSERT INTO credit_note_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.addToLineCount = database.statement(
      'UPDATE credit_notes SET line_count = line_count + ? WHERE credit_note_id = ?',
    );
    this.addToInvoice = database.statement(
      `UPDATE invoices SET credited_net_minor = credited_net_minor + ?, credited_tax_minor = credited_tax_minor + ?
       WHERE invoice_id = ?`,
    );
    this.issue = database.statement(
      "UPDATE credit_notes SET status = 'issued', number = ?, number_in_series = ?, issued_at = ? WHERE credit_note_id = ?",
    );
  }

  apply(event: RecordedOf<CreditNoteEvent>): void {
    switch (event.type) {
      case 'CreditNoteIssueRequested': {
        const { creditNoteId, invoiceId, clientId, period, currency, net, tax, total } = event.data;
        const minors = [minorOf(net), minorOf(tax), minorOf(total)];
        const facts = JSON.stringify(event.data);
        this.request.run(creditNoteId, invoiceId, clientId, period, currency, ...minors, facts, event.position);
        this.addToInvoice.run(minorOf(net), minorOf(tax), invoiceId);
        return;
      }
      case 'CreditNoteLinesAdded':
        return this.linesAdded(event.data);
      case 'CreditNoteIssued': {
        const { creditNoteId, number, numberInSeries } = event.data;
        const { changes } = this.issue.run(number, numberInSeries, event.occurredAt, creditNoteId);
        invariant(changes === 1, `credit note ${creditNoteId} was never requested`);
        return;
      }
      default:
        return unreachable(event);
    }
  }

  private linesAdded({ creditNoteId, invoiceId, lines, charges }: CreditNoteLinesAdded['data']): void {
    const before = this.lineCount.get(creditNoteId);
    invariant(before !== undefined, `credit note ${creditNoteId} was never requested`);
    const all = [
      ...lines.map((one) => ({ ...one, itemId: one.line.itemId, isCharge: 0 })),
      ...charges.map((one) => ({ ...one, itemId: one.charge.chargeItemId, isCharge: 1 })),
    ];
    all.forEach(({ itemId, isCharge, ...credited }, index) => {
      const { outcome, net, isWhole } = credited;
      this.addLine.run(
        creditNoteId,
        before + index + 1,
        invoiceId,
        itemId,
        outcome,
        minorOf(net),
        net.currency,
        isWhole ? 1 : 0,
        isCharge,
        JSON.stringify(credited),
      );
    });
    this.addToLineCount.run(all.length, creditNoteId);
  }
}
