import { daysOf, invariant, type Month, monthsLater } from '@billtrail/kernel';
import {
  derivedGapOfCharge,
  grantsOf,
  type BillableItem,
  type ContractFacts,
  type DerivedGap,
  type RatedWork,
  type RatingResult,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { alike } from './alike.js';
import { oneGapPerKey } from './one-gap-per-key.js';
import { Remembered } from './remembered.js';
import { allotmentCells, chargeCells, drawCells, gapCells, itemCells, type Cell, type Cells } from './rows.js';
import { NO_CLIENT, NO_TICKET, TICKET_SCOPE } from './schema.js';

/**
 * Rows of client-periods that stay in memory, as rating gave them: while serving, the same few client-periods are rated again and again. A row
 * with its trace takes some 2 kB.
 */
const MAX_REMEMBERED_ROWS = 50_000;

const ITEM_COLUMNS = 26;
const GAP_COLUMNS = 15;
const CHARGE_COLUMNS = 24;
const DRAW_COLUMNS = 15;
const ALLOTMENT_COLUMNS = 8;

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
  private readonly itemsOfPeriod;
  private readonly itemsWithoutClient;
  private readonly putItem;
  private readonly removeItem;
  private readonly gapsOfPeriod;
  private readonly gapsOfTicket;
  private readonly putGap;
  private readonly removeGap;
  private readonly gapChanged;
  private readonly charges: PeriodTable;
  private readonly draws: PeriodTable;
  private readonly allotments: PeriodTable;
  /** Client-periods as this projector wrote them; it lives no longer than nobody else writes. */
  private readonly remembered = new Remembered<Written>(MAX_REMEMBERED_ROWS);

  constructor(database: ReadDatabase) {
    this.itemsOfPeriod = database
      .exactStatement<[string, string], Cell[]>('SELECT * FROM billable_items WHERE client_id = ? AND period = ?')
      .raw();
    this.itemsWithoutClient = database
      .exactStatement<[string], Cell[]>(
        `SELECT * FROM billable_items WHERE ticket_id = ? AND client_id = '${NO_CLIENT}'`,
      )
      .raw();
    this.putItem = database.exactStatement(`INSERT OR REPLACE INTO billable_items VALUES (${marks(ITEM_COLUMNS)})`);
    this.removeItem = database.exactStatement(
      'DELETE FROM billable_items WHERE client_id = ? AND period = ? AND item_id = ? AND ticket_id = ?',
    );
    this.gapsOfPeriod = database
      .exactStatement<[string], Cell[]>(`SELECT * FROM derived_gaps WHERE scope = ? AND scope <> '${TICKET_SCOPE}'`)
      .raw();
    this.gapsOfTicket = database
      .exactStatement<[string], Cell[]>(`SELECT * FROM derived_gaps WHERE ticket_id = ? AND scope = '${TICKET_SCOPE}'`)
      .raw();
    this.putGap = database.exactStatement(`INSERT OR REPLACE INTO derived_gaps VALUES (${marks(GAP_COLUMNS)})`);
    this.removeGap = database.exactStatement(
      'DELETE FROM derived_gaps WHERE ticket_id = ? AND gap_key = ? AND scope = ?',
    );
    this.gapChanged = database.statement('INSERT OR REPLACE INTO gap_changes (gap_key) VALUES (?)');
    this.charges = new PeriodTable(database, 'charges', CHARGE_COLUMNS, ['charge_item_id']);
    this.draws = new PeriodTable(database, 'draws', DRAW_COLUMNS, ['sequence']);
    this.allotments = new PeriodTable(database, 'allotments', ALLOTMENT_COLUMNS, ['contract_id', 'allotment_id']);
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
      items: this.items(before?.items ?? byItem(this.itemsOfPeriod.all(clientId, period)), items),
      gaps: this.gaps(before?.gaps ?? byGap(this.gapsOfPeriod.all(scope)), scope, [
        ...gaps,
        ...chargeGaps.map(derivedGapOfCharge),
      ]),
      charges: this.charges.write(clientId, period, charges.map(chargeCells), before?.charges),
      draws: this.draws.write(clientId, period, draws, before?.draws),
      allotments: this.allotments.write(clientId, period, granted, before?.allotments),
    };
    this.remembered.put(scope, written, sizeOf(written));
  }

  /** A ticket's own gaps, and its work as long as it has no client. */
  ticket(ticketId: string, { items, gaps }: RatedWork): void {
    this.items(byItem(this.itemsWithoutClient.all(ticketId)), items);
    this.gaps(byGap(this.gapsOfTicket.all(ticketId)), TICKET_SCOPE, gaps);
  }

  /** `before`: what this client-period or ticket had. Answers what it has now. */
  private items(before: Before<BillableItem>, items: readonly BillableItem[]): ReadonlyMap<string, BillableItem> {
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
      if (old === undefined || !isCells(old) || !same(old, cells)) this.putItem.run(...cells);
      written.set(key, item);
    }
    for (const [key, gone] of before) {
      if (written.has(key)) continue;
      const row = isCells(gone) ? gone : itemCells(gone);
      this.removeItem.run(row[0], row[1], row[2], row[4]);
    }
    return written;
  }

  /** `before`: what this scope had (of the ticket, where the scope is the ticket's). Answers what it has now. */
  private gaps(
    before: Before<DerivedGap>,
    scope: string,
    gaps: readonly DerivedGap[],
  ): ReadonlyMap<string, DerivedGap> {
    const written = oneGapPerKey(gaps);
    for (const [key, gap] of written) {
      const old = before.get(key);
      if (old !== undefined && !isCells(old) && alike(old, gap)) continue;
      const cells = gapCells(key, scope, gap);
      if (old !== undefined && isCells(old) && same(old, cells)) continue;
      this.putGap.run(...cells);
      this.gapChanged.run(key);
    }
    for (const [key, gone] of before) {
      if (written.has(key)) continue;
      this.removeGap.run(isCells(gone) ? gone[0] : (gone.ticketId ?? NO_TICKET), key, scope);
      this.gapChanged.run(key);
    }
    return written;
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

function byItem(rows: readonly Cells[]): ReadonlyMap<string, Cells> {
  return new Map(rows.map((row) => [`${row[1]} ${row[2]} ${row[4]}`, row]));
}

function byGap(rows: readonly Cells[]): ReadonlyMap<string, Cells> {
  return new Map(rows.map((row) => [String(row[1]), row]));
}

function isCells(row: object): row is Cells {
  return Array.isArray(row);
}

function sizeOf({ items, gaps, charges, draws, allotments }: Written): number {
  return items.size + gaps.size + charges.length + draws.length + allotments.length;
}

/** A table whose rows begin with client, period and the `keys` that tell the rows of one client-period apart (at most two, where they stand). */
class PeriodTable {
  private readonly stored;
  private readonly put;
  private readonly remove;
  private readonly keys: number;

  constructor(database: ReadDatabase, table: string, columns: number, keys: readonly string[]) {
    this.keys = keys.length;
    this.stored = database
      .exactStatement<[string, string], Cell[]>(`SELECT * FROM ${table} WHERE client_id = ? AND period = ?`)
      .raw();
    this.put = database.exactStatement(`INSERT OR REPLACE INTO ${table} VALUES (${marks(columns)})`);
    const where = keys.map((key) => `AND ${key} = ?`).join(' ');
    this.remove = database.exactStatement(`DELETE FROM ${table} WHERE client_id = ? AND period = ? ${where}`);
  }

  /** `known`: the rows as they are stored, where somebody remembers. Answers those that are stored now. */
  write(clientId: string, period: Month, rows: readonly Cells[], known?: readonly Cells[]): readonly Cells[] {
    const stored = known ?? this.stored.all(clientId, period);
    if (stored.length === 0 && rows.length === 0) return rows;
    const isAt = (row: Cells, index: number, among: readonly Cells[]): boolean => {
      const other = among[index];
      return other !== undefined && same(other, row);
    };
    const changed = rows.filter((row, index) => !isAt(row, index, stored));
    const keyOf = (row: Cells): string => row.slice(2, 2 + this.keys).join(' ');
    const before = new Map(stored.filter((row, index) => !isAt(row, index, rows)).map((row) => [keyOf(row), row]));
    for (const row of changed) {
      const key = keyOf(row);
      const old = before.get(key);
      if (!old || !same(old, row)) this.put.run(...row);
      before.delete(key);
    }
    for (const gone of before.values()) this.remove.run(...gone.slice(0, 2 + this.keys));
    return rows;
  }
}

function drawRows(clientId: string, period: Month, { draws, items }: RatingResult): readonly Cells[] {
  if (draws.length === 0) return [];
  const drawing = items.filter((item) => item.draw !== undefined);
  const tickets = new Map(drawing.map((item) => [`${item.itemId} ${item.workItemId}`, item.ticketId]));
  return draws.map((draw, index) =>
    drawCells(clientId, period, index + 1, draw, tickets.get(`${draw.itemId} ${draw.workItemId}`)),
  );
}

function allotmentRows(clientId: string, period: Month, contract: ContractFacts): readonly Cells[] {
  return grantsOf(contract, period).map((grant) => {
    const rollsOver = grant.allotment.rollOver === 'one-period';
    const lastDay = rollsOver ? daysOf(monthsLater(period, 1)).last : grant.to;
    return allotmentCells(clientId, period, contract.contractId, grant, lastDay);
  });
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

function same(before: Cells, after: Cells): boolean {
  return before.every((cell, index) => cell === after[index]);
}
