import { invariant, unreachable } from '@billtrail/kernel';
import type { CreditNoteEvent, CreditNoteLinesAdded } from '@billtrail/billing';
import { minorOf } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import { showable } from './by-name.js';
import { CREDIT_NOTES, LINES_OF_CREDIT_NOTES } from './tables.js';

/** Folds credit notes, and puts on their invoice what was given back of it. */
export class CreditNotesFold {
  private readonly request;
  private readonly lineCount;
  private readonly addLine;
  private readonly addToLineCount;
  private readonly addToInvoice;
  private readonly withdraw;
  private readonly issue;

  constructor(database: ReadDatabase) {
    this.request = database.insert(CREDIT_NOTES);
    this.lineCount = database
      .statement<[string], number>('SELECT line_count FROM credit_notes WHERE credit_note_id = ?')
      .pluck();
    this.addLine = database.insert(LINES_OF_CREDIT_NOTES);
    this.addToLineCount = database.statement(
      'UPDATE credit_notes SET line_count = line_count + ? WHERE credit_note_id = ?',
    );
    this.addToInvoice = database.statement(
      `UPDATE invoices SET credited_net_minor = credited_net_minor + ?, credited_tax_minor = credited_tax_minor + ?
       WHERE invoice_id = ?`,
    );
    this.withdraw = [LINES_OF_CREDIT_NOTES, CREDIT_NOTES].map(({ name }) =>
      database.statement<[string]>(`DELETE FROM ${name} WHERE credit_note_id = ?`),
    );
    this.issue = database.statement(
      "UPDATE credit_notes SET status = 'issued', facts = json_set(facts, '$.issueDate', ?), number = ?, number_in_series = ?, issued_at = ? WHERE credit_note_id = ?",
    );
  }

  apply(event: RecordedOf<CreditNoteEvent>): void {
    switch (event.type) {
      case 'CreditNoteIssueRequested': {
        const { comparedUpTo: _, ...facts } = event.data;
        const { net, tax, total, clientId, recipientId = clientId } = facts;
        const [netMinor, taxMinor] = [minorOf(net), minorOf(tax)];
        this.request({
          ...facts,
          recipientId,
          netMinor,
          taxMinor,
          totalMinor: minorOf(total),
          lineCount: 0,
          status: 'issuing',
          number: null,
          numberInSeries: null,
          issuedAt: null,
          facts: { ...facts, taxTotals: showable(facts.taxTotals) },
          requestedPosition: event.position,
          requestedEventId: event.id,
        });
        return;
      }
      case 'CreditNoteLinesAdded':
        return this.linesAdded(event.data);
      case 'CreditNoteIssueWithdrawn':
        for (const statement of this.withdraw) statement.run(event.data.creditNoteId);
        return;
      case 'CreditNoteIssued': {
        const { creditNoteId, invoiceId, net, tax, issueDate, number, numberInSeries } = event.data;
        const { changes } = this.issue.run(issueDate, number, numberInSeries, event.occurredAt, creditNoteId);
        invariant(changes === 1, `credit note ${creditNoteId} was never requested`);
        if (invoiceId !== null) this.addToInvoice.run(minorOf(net), minorOf(tax), invoiceId);
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
      ...lines.map((line) => ({ line, itemId: line.line.itemId, isCharge: false })),
      ...charges.map((line) => ({ line, itemId: line.charge.chargeItemId, isCharge: true })),
    ];
    all.forEach((one, index) => {
      const { outcome, net, isWhole } = one.line;
      const { currency } = net;
      const lineNumber = before + index + 1;
      this.addLine({
        ...one,
        creditNoteId,
        lineNumber,
        invoiceId,
        outcome,
        netMinor: minorOf(net),
        currency,
        isWhole,
      });
    });
    this.addToLineCount.run(all.length, creditNoteId);
  }
}
