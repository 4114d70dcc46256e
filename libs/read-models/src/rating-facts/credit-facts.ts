import { Money, invariant, unreachable, type Month, type MoneyJson } from '@billtrail/kernel';
import {
  effectOnCharge,
  effectOnLine,
  forgivenOf,
  holderOfOwnNote,
  type CreditNoteLinesAdded,
  type CreditedCharge,
  type CreditedLine,
  type WrittenOff,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import {
  CHARGES_HELD,
  CREDITED_WORK,
  CREDITS_REQUESTED,
  DOCUMENTS,
  LINES,
  WRITE_OFFS,
  incidentOf,
} from './account-tables.js';
import { fromJson } from '../database/row-unreadable.js';

interface Account {
  readonly clientId: string;
  readonly period: Month;
}

/** Where a credit note's line belongs. */
interface Place extends Account {
  readonly position: number;
  readonly part: number;
  readonly invoiceId: string;
  readonly creditNoteId: string;
}

/** Folds what credit notes take back into what accounts hold frozen, once they are issued. */
export class CreditFactsFold {
  private readonly lines: Held;
  private readonly charges: Held;
  private readonly hold;
  private readonly addLine;
  private readonly addCharge;
  private readonly writeOff;
  private readonly billAgain;
  private readonly writeOffOf;
  private readonly endWriteOff;
  private readonly request;
  private readonly requestedBy;
  private readonly forget;

  constructor(database: ReadDatabase) {
    this.lines = new Held(database, LINES.name, 'item_id');
    this.charges = new Held(database, CHARGES_HELD.name, 'charge_item_id');
    this.hold = database.insert(DOCUMENTS, 'OR IGNORE');
    this.addLine = database.insert(LINES);
    this.addCharge = database.insert(CHARGES_HELD);
    this.writeOff = database.insert(WRITE_OFFS);
    this.billAgain = database.insert(CREDITED_WORK, 'OR IGNORE');
    const ofItem = `WHERE client_id = ? AND period = ? AND work_item_id = ? AND json_extract(facts, '$.itemId') = ?`;
    this.writeOffOf = database.statement<WriteOffKey, string>(`SELECT facts FROM ${WRITE_OFFS.name} ${ofItem}`).pluck();
    this.request = database.insert(CREDITS_REQUESTED);
    this.requestedBy = database.rows(CREDITS_REQUESTED, 'WHERE credit_note_id = ? ORDER BY position');
    this.forget = database.statement<[string]>('DELETE FROM credits_requested WHERE credit_note_id = ?');
    this.endWriteOff = database.statement<WriteOffKey>(`DELETE FROM ${WRITE_OFFS.name} ${ofItem}`);
  }

  /** Nothing is taken back before the note is issued. */
  requested({ position, data }: RecordedOf<CreditNoteLinesAdded>, account: Account): void {
    this.request({ creditNoteId: data.creditNoteId, position, ...account, added: data });
  }

  withdrawn(creditNoteId: string): void {
    this.forget.run(creditNoteId);
  }

  /** Answers what is taken back. */
  issued(creditNoteId: string, { clientId, period }: Account): readonly CreditNoteLinesAdded['data'][] {
    const requested = this.requestedBy.all(creditNoteId);
    for (const { position, added } of requested) {
      const { lines, charges } = added;
      const invoiceId = added.invoiceId ?? this.ownNote(creditNoteId, clientId, period);
      const place = { clientId, period, position, invoiceId, creditNoteId };
      lines.forEach((one, part) => this.line(one, { ...place, part }));
      charges.forEach((one, part) => this.charge(one, { ...place, part }));
    }
    this.forget.run(creditNoteId);
    return requested.map(({ added }) => added);
  }

  /** A credit note without an invoice holds what it gives by itself. */
  private ownNote(creditNoteId: string, clientId: string, period: Month): string {
    const invoiceId = holderOfOwnNote(creditNoteId);
    this.hold({ invoiceId, clientId, period, frozen: true });
    return invoiceId;
  }

  private line(one: CreditedLine, { clientId, period, position, part, invoiceId, creditNoteId }: Place): void {
    const { line } = one;
    const { itemId, workItemId, ticketId, draw = null } = line;
    const effect = effectOnLine(one);
    switch (effect) {
      case 'settled': {
        const held = { itemId, workItemId, ticketId, line, draw, credited: null, creditNoteId };
        this.addLine({ invoiceId, position, part, ...held });
        return;
      }
      case 'freed': {
        const back =
          this.lines.creditedOf(invoiceId, itemId) ?? this.writtenOffWhole([clientId, period, workItemId, itemId]);
        this.lines.remove(invoiceId, itemId);
        this.billAgain({ clientId, period, workItemId });
        if (back === null) return;
        const facts = { ...forgivenOf(line, back.net), creditNoteId: back.creditNoteId };
        this.writeOff({ clientId, period, position, part, ticketId, workItemId, facts, draw: null });
        return;
      }
      case 'reduced':
        return this.lines.reduce(invoiceId, itemId, one.net, creditNoteId);
      case 'forgone':
        this.lines.remove(invoiceId, itemId);
        this.writeOff({
          clientId,
          period,
          position,
          part,
          ticketId,
          workItemId,
          facts: { ...line, creditNoteId },
          draw,
        });
        return;
      default:
        return unreachable(effect);
    }
  }

  /** A line that a note wrote off whole is on no invoice any more; billed again, all of it stays forgone. */
  private writtenOffWhole(key: WriteOffKey): GivenBack | null {
    const facts = this.writeOffOf.get(...key);
    if (facts === undefined) return null;
    const { net, creditNoteId = null } = fromJson(facts) as WrittenOff;
    invariant(net !== null && creditNoteId !== null, `item ${key[3]} was written off on no credit note`);
    this.endWriteOff.run(...key);
    return { net, creditNoteId };
  }

  private charge(one: CreditedCharge, { position, part, invoiceId, creditNoteId }: Place): void {
    const { charge } = one;
    const { chargeItemId } = charge;
    const effect = effectOnCharge(one);
    switch (effect) {
      case 'settled':
        this.addCharge({
          invoiceId,
          position,
          part,
          chargeItemId,
          incidentOf: incidentOf(charge),
          charge,
          credited: null,
          creditNoteId,
        });
        return;
      case 'freed':
        return this.charges.remove(invoiceId, chargeItemId);
      case 'reduced':
        return this.charges.reduce(invoiceId, chargeItemId, one.net, creditNoteId);
      default:
        return unreachable(effect);
    }
  }
}

/** Client, period, work and item. */
type WriteOffKey = [string, Month, string, string];

/** What went back of a line so far, and the note that gave it last. */
interface GivenBack {
  readonly net: MoneyJson;
  readonly creditNoteId: string;
}

/** What documents hold, of work or of charges. */
class Held {
  private readonly removed;
  private readonly credited;
  private readonly note;
  private readonly credit;

  constructor(database: ReadDatabase, table: string, id: string) {
    const where = `WHERE invoice_id = ? AND ${id} = ?`;
    this.removed = database.statement(`DELETE FROM ${table} ${where}`);
    this.credited = database
      .statement<[string, string], string | null>(`SELECT credited FROM ${table} ${where}`)
      .pluck();
    this.note = database
      .statement<[string, string], string | null>(`SELECT credit_note_id FROM ${table} ${where}`)
      .pluck();
    this.credit = database.statement(`UPDATE ${table} SET credited = ?, credit_note_id = ? ${where}`);
  }

  /** null: nothing went back of it. */
  creditedOf(invoiceId: string, id: string): GivenBack | null {
    const credited = this.credited.get(invoiceId, id) ?? null;
    if (credited === null) return null;
    const creditNoteId = this.note.get(invoiceId, id) ?? null;
    invariant(creditNoteId !== null, `money of ${id} was given back on no credit note`);
    return { net: fromJson(credited) as MoneyJson, creditNoteId };
  }

  remove(invoiceId: string, id: string): void {
    this.removed.run(invoiceId, id);
  }

  /** It stays invoiced, for less than before. */
  reduce(invoiceId: string, id: string, net: MoneyJson, creditNoteId: string): void {
    const before = this.credited.get(invoiceId, id) ?? null;
    const more = Money.from(net);
    const credited = before === null ? more : Money.from(fromJson(before) as MoneyJson).plus(more);
    this.credit.run(JSON.stringify(credited.toJSON()), creditNoteId, invoiceId, id);
  }
}
