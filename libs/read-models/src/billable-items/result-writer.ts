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
import { oneGapPerKey } from './one-gap-per-key.js';
import { allotmentCells, chargeCells, drawCells, gapCells, itemCells, type Cell, type Cells } from './rows.js';
import { NO_CLIENT, TICKET_SCOPE } from './schema.js';

/** Rows of items that stay in memory: while serving, the same few client-periods are rated again and again. */
const MAX_REMEMBERED_ROWS = 10_000;

const ITEM_COLUMNS = 26;
const GAP_COLUMNS = 15;
const CHARGE_COLUMNS = 24;
const DRAW_COLUMNS = 15;
const ALLOTMENT_COLUMNS = 8;

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
  /** The rows of client-periods as this projector wrote them; it lives no longer than nobody else writes. */
  private readonly remembered = new Map<string, readonly Cells[]>();
  private rememberedRows = 0;

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
    const stored = this.remembered.get(scope) ?? this.itemsOfPeriod.all(clientId, period);
    this.remember(scope, stored, this.items(stored, items));
    this.gaps(this.gapsOfPeriod.all(scope), scope, [...gaps, ...chargeGaps.map(derivedGapOfCharge)]);
    this.charges.write(clientId, period, charges.map(chargeCells));
    this.draws.write(clientId, period, rated === null ? [] : drawRows(clientId, period, rated.result));
    const granted = rated?.contracts.flatMap((contract) => allotmentRows(clientId, period, contract)) ?? [];
    this.allotments.write(clientId, period, granted);
  }

  /** A ticket's own gaps, and its work as long as it has no client. */
  ticket(ticketId: string, { items, gaps }: RatedWork): void {
    this.items(this.itemsWithoutClient.all(ticketId), items);
    this.gaps(this.gapsOfTicket.all(ticketId), TICKET_SCOPE, gaps);
  }

  /** `stored` are the rows that this client-period or ticket had before. Answers those that it has now. */
  private items(stored: readonly Cells[], items: readonly BillableItem[]): readonly Cells[] {
    if (stored.length === 0 && items.length === 0) return [];
    const before = new Map(stored.map((row) => [`${row[1]} ${row[2]} ${row[4]}`, row]));
    const written = new Map<string, Cells>();
    for (const item of items) {
      const key = `${item.period} ${item.itemId} ${item.ticketId}`;
      invariant(!written.has(key), `rating gave item ${item.itemId} of ticket ${item.ticketId} twice`);
      const cells = itemCells(item);
      written.set(key, cells);
      const old = before.get(key);
      if (!old || !same(old, cells)) this.putItem.run(...cells);
      before.delete(key);
    }
    for (const gone of before.values()) this.removeItem.run(gone[0], gone[1], gone[2], gone[4]);
    return [...written.values()];
  }

  private remember(scope: string, before: readonly Cells[], rows: readonly Cells[]): void {
    if (this.remembered.has(scope)) this.rememberedRows -= before.length;
    this.remembered.delete(scope);
    if (this.rememberedRows + rows.length > MAX_REMEMBERED_ROWS) {
      this.remembered.clear();
      this.rememberedRows = 0;
    }
    if (rows.length > MAX_REMEMBERED_ROWS) return;
    this.remembered.set(scope, rows);
    this.rememberedRows += rows.length;
  }

  /** `stored` are the rows that this scope had before (of the ticket, where the scope is the ticket's). */
  private gaps(stored: readonly Cells[], scope: string, gaps: readonly DerivedGap[]): void {
    if (stored.length === 0 && gaps.length === 0) return;
    const before = new Map(stored.map((row) => [row[1], row]));
    for (const [key, gap] of oneGapPerKey(gaps)) {
      const cells = gapCells(key, scope, gap);
      const old = before.get(key);
      before.delete(key);
      if (old && same(old, cells)) continue;
      this.putGap.run(...cells);
      this.gapChanged.run(key);
    }
    for (const gone of before.values()) {
      this.removeGap.run(gone[0], gone[1], gone[2]);
      this.gapChanged.run(gone[1]);
    }
  }
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

  write(clientId: string, period: Month, rows: readonly Cells[]): void {
    const stored = this.stored.all(clientId, period);
    if (stored.length === 0 && rows.length === 0) return;
    const keyOf = (row: Cells): string => row.slice(2, 2 + this.keys).join(' ');
    const before = new Map(stored.map((row) => [keyOf(row), row]));
    for (const row of rows) {
      const key = keyOf(row);
      const old = before.get(key);
      if (!old || !same(old, row)) this.put.run(...row);
      before.delete(key);
    }
    for (const gone of before.values()) this.remove.run(...gone.slice(0, 2 + this.keys));
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
