import { daysOf, invariant, type Month, monthsLater } from '@billtrail/kernel';
import {
  derivedGapOfCharge,
  gapsByKey,
  grantsOf,
  type BillableItem,
  type ContractFacts,
  type DerivedGap,
  type RatedWork,
  type RatingResult,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { Remembered } from '../database/remembered.js';
import type { Cell, Cells, Table } from '../database/table.js';
import { NO_CLIENT, type TicketRow } from '../rating-facts/tables.js';
import { alike } from './alike.js';
import { allotmentCells, chargeCells, drawCells, gapCells, itemCells } from './rows.js';
import { ALLOTMENTS, CHARGES, DRAWS, GAPS_DERIVED, ITEMS, NO_TICKET, RESOLVED, TICKET_SCOPE } from './tables.js';

/**
 * Rows of client-periods that stay in memory, as rating gave them: while serving, the same few client-periods are rated again and again.
 */
const MAX_REMEMBERED_ROWS = 50_000;

/** What was written of a client-period: items and gaps as they were given, by key, and the rows of the rest. */
interface Written {
  readonly items: ReadonlyMap<string, BillableItem>;
  readonly gaps: ReadonlyMap<string, DerivedGap>;
  readonly charges: readonly Cells[];
  readonly draws: readonly Cells[];
  readonly allotments: readonly Cells[];
}
/** By key, what a row was before: as it was given, or as it is stored where nobody remembers. */
type Before<Given> = ReadonlyMap<string, Given | Cells>;

/** Writes what rating gave: of the rows of a client-period or a ticket those that came out differently, and only those. */
export class ResultWriter {
  private readonly items: StoredRows;
  private readonly gaps: StoredRows;
  private readonly itemsWithoutClient;
  private readonly gapsOfTicket;
  private readonly gapChanged;
  private readonly charges: PeriodRows;
  private readonly draws: PeriodRows;
  private readonly allotments: PeriodRows;
  private readonly resolved;
  private readonly unresolved;
  /** Client-periods as this projector wrote them; it lives no longer than nobody else writes. */
  private readonly remembered = new Remembered<Written>(MAX_REMEMBERED_ROWS);

  constructor(database: ReadDatabase) {
    this.items = new StoredRows(database, ITEMS, 'client_id = ? AND period = ?');
    this.itemsWithoutClient = stored(database, ITEMS, `ticket_id = ? AND client_id = '${NO_CLIENT}'`);
    this.gaps = new StoredRows(database, GAPS_DERIVED, `scope = ? AND scope <> '${TICKET_SCOPE}'`);
    this.gapsOfTicket = stored(database, GAPS_DERIVED, `ticket_id = ? AND scope = '${TICKET_SCOPE}'`);
    this.gapChanged = database.statement('INSERT OR REPLACE INTO gap_changes (gap_key) VALUES (?)');
    this.charges = new PeriodRows(database, CHARGES);
    this.draws = new PeriodRows(database, DRAWS);
    this.allotments = new PeriodRows(database, ALLOTMENTS);
    this.resolved = database.insert(RESOLVED, 'OR REPLACE');
    this.unresolved = database.statement('DELETE FROM resolved_tickets WHERE ticket_id = ?');
  }

  /** All of a client-period. null: there is nothing in it any more. */
  period(
    clientId: string,
    period: Month,
    rated: { readonly result: RatingResult; readonly contracts: readonly ContractFacts[] } | null,
  ): void {
    const { items = [], gaps = [], charges = [], chargeGaps = [] } = rated?.result ?? {};
    const scope = `${clientId} ${period}`;
    const before = this.remembered.get(scope);
    const draws = rated === null ? [] : drawRows(clientId, period, rated.result);
    const granted = rated?.contracts.flatMap((contract) => allotmentRows(clientId, period, contract)) ?? [];
    const written: Written = {
      items: this.writeItems(before?.items ?? byPlaces(this.items.stored.all(clientId, period), KEY_OF_ITEM), items),
      gaps: this.writeGaps(before?.gaps ?? byPlaces(this.gaps.stored.all(scope), KEY_OF_GAP), scope, [
        ...gaps,
        ...chargeGaps.map(derivedGapOfCharge),
      ]),
      charges: this.charges.write(clientId, period, charges.map(chargeCells), before?.charges),
      draws: this.draws.write(clientId, period, draws, before?.draws),
      allotments: this.allotments.write(clientId, period, granted, before?.allotments),
    };
    this.remembered.put(scope, written, sizeOf(written));
  }

  /** A ticket's resolution, its own gaps, and its work as long as it has no client. */
  ticket(ticket: TicketRow, resolvedOn: string | null, { items, gaps }: RatedWork): void {
    const { ticketId, clientId, noChargeReasonCode } = ticket;
    if (resolvedOn === null) this.unresolved.run(ticketId);
    else this.resolved({ ticketId, clientId, resolvedOn, isNoCharge: noChargeReasonCode !== null });
    this.writeItems(byPlaces(this.itemsWithoutClient.all(ticketId), KEY_OF_ITEM), items);
    this.writeGaps(byPlaces(this.gapsOfTicket.all(ticketId), KEY_OF_GAP), TICKET_SCOPE, gaps);
  }

  /** `before`: what this client-period or ticket had. Answers what it has now. */
  private writeItems(before: Before<BillableItem>, items: readonly BillableItem[]): ReadonlyMap<string, BillableItem> {
    const written = new Map<string, BillableItem>();
    const keys = new KeysInOrder(before);
    for (const item of items) {
      const key = keys.of(item);
      invariant(!written.has(key), `rating gave item ${item.itemId} of ticket ${item.ticketId} twice`);
      const old = before.get(key);
      if (old !== undefined && !isCells(old) && alike(old, item)) {
        written.set(key, old);
        continue;
      }
      const cells = itemCells(item);
      if (old === undefined || !isCells(old) || !same(old, cells)) this.items.put.run(...cells);
      written.set(key, item);
    }
    for (const [key, gone] of before) if (!written.has(key)) this.items.remove(isCells(gone) ? gone : itemCells(gone));
    return written;
  }

  /** `before`: what this scope had (of the ticket, where the scope is the ticket's). Answers what it has now. */
  private writeGaps(
    before: Before<DerivedGap>,
    scope: string,
    gaps: readonly DerivedGap[],
  ): ReadonlyMap<string, DerivedGap> {
    const written = gapsByKey(gaps);
    for (const [key, gap] of written) {
      const old = before.get(key);
      if (old !== undefined && !isCells(old) && alike(old, gap)) continue;
      const cells = gapCells({ ...gap, scope });
      if (old !== undefined && isCells(old) && same(old, cells)) continue;
      this.gaps.put.run(...cells);
      this.changed(cells);
    }
    for (const [key, gone] of before) {
      if (written.has(key)) continue;
      const row = isCells(gone) ? gone : gapCells({ ...gone, scope });
      this.gaps.remove(row);
      this.changed(row);
    }
    return written;
  }

  /** The policy must look at the gap under each key that it may be recorded by. */
  private changed(row: Cells): void {
    for (const place of KEYS_OF_GAP) {
      const key = row[place] ?? null;
      if (key !== null) this.gapChanged.run(key);
    }
  }
}

/** Keys of items. They mostly come as they came before, and then the key that is known is found sooner than made. */
class KeysInOrder {
  private readonly before;
  private next;

  constructor(before: Before<BillableItem>) {
    this.before = before.entries();
    this.next = this.before.next();
  }

  of({ period, itemId, ticketId }: BillableItem): string {
    if (this.next.done !== true) {
      const [key, old] = this.next.value;
      if (!isCells(old) && old.itemId === itemId && old.ticketId === ticketId && old.period === period) {
        this.next = this.before.next();
        return key;
      }
    }
    return `${period} ${itemId} ${ticketId}`;
  }
}

const KEY_OF_ITEM = [ITEMS.place('period'), ITEMS.place('itemId'), ITEMS.place('ticketId')];
const KEY_OF_GAP = [GAPS_DERIVED.place('gapKey')];
const KEYS_OF_GAP = [GAPS_DERIVED.place('gapKey'), GAPS_DERIVED.place('formerKey')];

function byPlaces(rows: readonly Cells[], places: readonly number[]): ReadonlyMap<string, Cells> {
  return new Map(rows.map((row) => [places.map((place) => row[place]).join(' '), row]));
}

function isCells(row: object): row is Cells {
  return Array.isArray(row);
}

function sizeOf({ items, gaps, charges, draws, allotments }: Written): number {
  return items.size + gaps.size + charges.length + draws.length + allotments.length;
}

type InSql = Pick<Table<unknown>, 'name' | 'columns' | 'inserted' | 'byKey' | 'keyPlaces'>;

function stored(database: ReadDatabase, { name, columns }: InSql, where: string) {
  return database.exactStatement<string[], Cell[]>(`SELECT ${columns} FROM ${name} WHERE ${where}`).raw();
}

/** Rows of a table as cells: read by a condition, written, and removed by their key. */
class StoredRows {
  readonly stored;
  readonly put;
  private readonly removed;
  private readonly keyPlaces: readonly number[];

  constructor(database: ReadDatabase, table: InSql, where: string) {
    this.stored = stored(database, table, where);
    this.put = database.exactStatement<Cell[]>(table.inserted('OR REPLACE'));
    this.removed = database.exactStatement<Cell[]>(`DELETE FROM ${table.name} WHERE ${table.byKey}`);
    this.keyPlaces = table.keyPlaces;
  }

  keyOf(row: Cells): Cell[] {
    return this.keyPlaces.map((place) => row[place] ?? null);
  }

  remove(row: Cells): void {
    this.removed.run(...this.keyOf(row));
  }
}

/** The rows of a client-period, compared as they stand. */
class PeriodRows {
  private readonly rows: StoredRows;

  constructor(database: ReadDatabase, table: InSql) {
    this.rows = new StoredRows(database, table, 'client_id = ? AND period = ?');
  }

  /** `known`: the rows as they are stored, where somebody remembers. Answers those that are stored now. */
  write(clientId: string, period: Month, rows: readonly Cells[], known?: readonly Cells[]): readonly Cells[] {
    const before = known ?? this.rows.stored.all(clientId, period);
    if (before.length === 0 && rows.length === 0) return rows;
    const isAt = (row: Cells, index: number, among: readonly Cells[]): boolean => {
      const other = among[index];
      return other !== undefined && same(other, row);
    };
    const keyOf = (row: Cells): string => this.rows.keyOf(row).join(' ');
    const others = new Map(before.filter((row, index) => !isAt(row, index, rows)).map((row) => [keyOf(row), row]));
    for (const row of rows.filter((one, index) => !isAt(one, index, before))) {
      const key = keyOf(row);
      const old = others.get(key);
      if (!old || !same(old, row)) this.rows.put.run(...row);
      others.delete(key);
    }
    for (const gone of others.values()) this.rows.remove(gone);
    return rows;
  }
}

function drawRows(clientId: string, period: Month, { draws, items }: RatingResult): readonly Cells[] {
  if (draws.length === 0) return [];
  const drawing = items.filter((item) => item.draw !== undefined);
  const tickets = new Map(drawing.map((item) => [`${item.itemId} ${item.workItemId}`, item.ticketId]));
  return draws.map((draw, index) => {
    const ticketId = tickets.get(`${draw.itemId} ${draw.workItemId}`) ?? NO_TICKET;
    return drawCells({ clientId, period, sequence: index + 1, ticketId }, draw);
  });
}

function allotmentRows(clientId: string, period: Month, contract: ContractFacts): readonly Cells[] {
  return grantsOf(contract, period).map((grant) => {
    const rollsOver = grant.allotment.rollOver === 'one-period';
    const lastDay = rollsOver ? daysOf(monthsLater(period, 1)).last : grant.to;
    return allotmentCells({ clientId, period, contractId: contract.contractId }, grant, lastDay);
  });
}

function same(before: Cells, after: Cells): boolean {
  return before.every((cell, index) => cell === after[index]);
}
