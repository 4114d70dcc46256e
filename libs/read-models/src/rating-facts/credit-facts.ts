import { Money, unreachable, type Month, type MoneyJson } from '@billtrail/kernel';
import type { CreditNoteLinesAdded, CreditedCharge, CreditedLine, Draw, WrittenOff } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';

/** Where a credit note's line belongs. */
interface Place {
  readonly clientId: string;
  readonly period: Month;
  readonly position: number;
  readonly part: number;
  readonly invoiceId: string;
  readonly creditNoteId: string;
}

/** What a credit note did to the facts of rating: whose tickets and whose draws. */
export interface CreditedFacts {
  readonly ticketIds: ReadonlySet<string>;
  readonly draws: readonly Draw[];
}

/**
 * Folds what credit notes take back into what accounts hold frozen: a line that is billed again is frozen no more, one that is written off is a
 * write-off, a part of a line's money stays with the line as credited, and a settled credit is frozen beside the lines of the invoice.
 */
export class CreditFactsFold {
  private readonly addLine;
  private readonly removeLine;
  private readonly creditLine;
  private readonly creditedOfLine;
  private readonly addCharge;
  private readonly removeCharge;
  private readonly creditCharge;
  private readonly creditedOfCharge;
  private readonly writeOff;
  private readonly billAgain;

  constructor(database: ReadDatabase) {
    this.addLine = database.statement('INSERT INTO account_lines VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)');
    this.removeLine = database.statement('DELETE FROM account_lines WHERE invoice_id = ? AND item_id = ?');
    this.creditLine = database.statement(
      'UPDATE account_lines SET credited = ?, credit_note_id = ? WHERE invoice_id = ? AND item_id = ?',
    );
    this.creditedOfLine = database
      .statement<[string, string], string | null>(
        'SELECT credited FROM account_lines WHERE invoice_id = ? AND item_id = ?',
      )
      .pluck();
    this.addCharge = database.statement('INSERT INTO account_charges VALUES (?, ?, ?, ?, ?, NULL, ?)');
    this.removeCharge = database.statement('DELETE FROM account_charges WHERE invoice_id = ? AND charge_item_id = ?');
    this.creditCharge = database.statement(
      'UPDATE account_charges SET credited = ?, credit_note_id = ? WHERE invoice_id = ? AND charge_item_id = ?',
    );
    this.creditedOfCharge = database
      .statement<[string, string], string | null>(
        'SELECT credited FROM account_charges WHERE invoice_id = ? AND charge_item_id = ?',
      )
      .pluck();
    this.writeOff = database.statement('INSERT INTO write_offs VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.billAgain = database.statement('INSERT OR IGNORE INTO credited_work VALUES (?, ?, ?)');
  }

  apply(
    event: RecordedOf<CreditNoteLinesAdded>,
    { clientId, period }: { readonly clientId: string; readonly period: Month },
  ): CreditedFacts {
    const { creditNoteId, invoiceId, lines, charges } = event.data;
    const place = { clientId, period, position: event.position, invoiceId, creditNoteId };
    lines.forEach((one, part) => this.line(one, { ...place, part }));
    charges.forEach((one, part) => this.charge(one, { ...place, part }));
    return {
      ticketIds: new Set(lines.map(({ line }) => line.ticketId)),
      draws: lines.flatMap(({ line }) => (line.draw === undefined ? [] : [line.draw])),
    };
  }

  private line({ line, outcome, net, isWhole }: CreditedLine, place: Place): void {
    const { clientId, period, position, part, invoiceId, creditNoteId } = place;
    const { itemId, ticketId } = line;
    const draw = line.draw === undefined ? null : JSON.stringify(line.draw);
    switch (outcome) {
      case 'corrected':
        this.addLine.run(invoiceId, position, part, itemId, ticketId, JSON.stringify(line), draw, creditNoteId);
        return;
      case 'bill-again':
        this.removeLine.run(invoiceId, itemId);
        this.billAgain.run(clientId, period, line.workItemId);
        return;
      case 'written-off': {
        if (!isWhole) {
          const credited = plus(this.creditedOfLine.get(invoiceId, itemId), net);
          this.creditLine.run(credited, creditNoteId, invoiceId, itemId);
          return;
        }
        this.removeLine.run(invoiceId, itemId);
        const facts: WrittenOff = { ...line, creditNoteId };
        this.writeOff.run(clientId, period, position, part, ticketId, JSON.stringify(facts), draw);
        return;
      }
      default:
        return unreachable(outcome);
    }
  }

  /** A charge has no disposition for what is forgone: written off, it stays invoiced less its credit. */
  private charge({ charge, outcome, net }: CreditedCharge, place: Place): void {
    const { position, part, invoiceId, creditNoteId } = place;
    const { chargeItemId } = charge;
    switch (outcome) {
      case 'corrected':
        this.addCharge.run(invoiceId, position, part, chargeItemId, JSON.stringify(charge), creditNoteId);
        return;
      case 'bill-again':
        this.removeCharge.run(invoiceId, chargeItemId);
        return;
      case 'written-off':
        this.creditCharge.run(
          plus(this.creditedOfCharge.get(invoiceId, chargeItemId), net),
          creditNoteId,
          invoiceId,
          chargeItemId,
        );
        return;
      default:
        return unreachable(outcome);
    }
  }
}

/** Amounts as JSON. */
function plus(before: string | null | undefined, more: MoneyJson): string {
  const credited = before === null || before === undefined ? null : Money.from(JSON.parse(before) as MoneyJson);
  const added = Money.from(more);
  return JSON.stringify((credited === null ? added : credited.plus(added)).toJSON());
}
