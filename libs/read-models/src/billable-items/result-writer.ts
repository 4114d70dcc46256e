import { daysOf, invariant, type Month, monthsLater } from '@billtrail/kernel';
import {
  gapKey,
  grantsOf,
  type BillableItem,
  type ChargeItem,
  type ContractFacts,
  type DerivedGap,
  type RatedWork,
  type RatingResult,
} from '@billtrail/billing';
import { periodsRolledOver } from '@billtrail/contracts';
import type { ReadDatabase } from '../database/read-database.js';
import { Remembered } from '../database/remembered.js';
import type { Cell, Cells, Table } from '../database/table.js';
import { NO_CLIENT, type TicketRow } from '../rating-facts/tables.js';
import { alike } from './alike.js';
import type { Resolution } from './ticket-rating.js';
import {
  allotmentCells,
  chargeCells,
  drawCells,
  dueCells,
  gapCells,
  itemCells,
  type PlacedDraw,
  type PlacedDue,
  lapseCells,
  type PlacedGrant,
  type PlacedLapse,
} from './rows.js';
import {
  ALLOTMENTS,
  BLOCKS_DUE,
  CHARGES,
  DRAWS,
  GAPS_DERIVED,
  ITEMS,
  LAPSES,
  NO_TICKET,
  RESOLVED,
  STALE_DERIVED_GAPS,
  TICKET_SCOPE,
} from './tables.js';

/**
 * Rows of client-periods that stay in memory, as rating gave them: while serving, the same few client-periods are rated again and again.
 */
const MAX_REMEMBERED_ROWS = 50_000;

/** What was written of a client-period, as it was given: items and gaps by key. */
interface Written {
  readonly items: ReadonlyMap<string, BillableItem>;
  readonly gaps: ReadonlyMap<string, DerivedGap>;
  readonly charges: readonly ChargeItem[];
  readonly draws: readonly PlacedDraw[];
  readonly allotments: readonly PlacedGrant[];
  readonly lapses: readonly PlacedLapse[];
  readonly due: readonly PlacedDue[];
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
  private readonly charges: PeriodRows<ChargeItem>;
  private readonly draws: PeriodRows<PlacedDraw>;
  private readonly allotments: PeriodRows<PlacedGrant>;
  private readonly lapses: PeriodRows<PlacedLapse>;
  private readonly due: PeriodRows<PlacedDue>;
  private readonly resolved;
  private readonly unresolved;
  /** Client-periods as this projector wrote them; it lives no longer than nobody else writes. */
  private readonly remembered = new Remembered<Written>(MAX_REMEMBERED_ROWS);

  constructor(database: ReadDatabase) {
    this.items = new StoredRows(database, ITEMS, 'client_id = ? AND period = ?');
    this.itemsWithoutClient = stored(database, ITEMS, `ticket_id = ? AND client_id = '${NO_CLIENT}'`);
    this.gaps = new StoredRows(database, GAPS_DERIVED, `scope = ? AND scope <> '${TICKET_SCOPE}'`);
    this.gapsOfTicket = stored(database, GAPS_DERIVED, `ticket_id = ? AND scope = '${TICKET_SCOPE}'`);
    this.gapChanged = database.statement<[Cell]>(STALE_DERIVED_GAPS.inserted('OR IGNORE'));
    this.charges = new PeriodRows(database, CHARGES, chargeCells);
    this.draws = new PeriodRows(database, DRAWS, drawCells);
    this.allotments = new PeriodRows(database, ALLOTMENTS, allotmentCells);
    this.lapses = new PeriodRows(database, LAPSES, lapseCells);
    this.due = new PeriodRows(database, BLOCKS_DUE, dueCells);
    this.resolved = database.insert(RESOLVED, 'OR REPLACE');
    this.unresolved = database.statement('DELETE FROM resolved_tickets WHERE ticket_id = ?');
  }

  /** All of a client-period. null: there is nothing in it any more. */
  period(
    clientId: string,
    period: Month,
    rated: { readonly result: RatingResult; readonly contracts: readonly ContractFacts[] } | null,
  ): void {
    const { items = [], gaps = [], charges = [] } = rated?.result ?? {};
    const scope = `${clientId} ${period}`;
    const before = this.remembered.get(scope);
    const draws = rated === null ? [] : placedDraws(clientId, period, rated.result);
    const granted = rated?.contracts.flatMap((contract) => placedGrants(clientId, period, contract)) ?? [];
    const lapsed = (rated?.result.lapses ?? []).map((lapse) => ({ clientId, period, lapse }));
    const due = (rated?.result.blocksDue ?? []).map((one) => ({ clientId, period, due: one }));
    const written: Written = {
      items: this.writeItems(before?.items ?? byPlaces(this.items.stored.all(clientId, period), KEY_OF_ITEM), items),
      gaps: this.writeGaps(before?.gaps ?? byPlaces(this.gaps.stored.all(scope), KEY_OF_GAP), scope, gaps),
      charges: this.charges.write(clientId, period, charges, before?.charges),
      draws: this.draws.write(clientId, period, draws, before?.draws),
      allotments: this.allotments.write(clientId, period, granted, before?.allotments),
      lapses: this.lapses.write(clientId, period, lapsed, before?.lapses),
      due: this.due.write(clientId, period, due, before?.due),
    };
    this.remembered.put(scope, written, sizeOf(written));
  }

  /** A ticket's resolution, its own gaps, and its work as long as it has no client. */
  ticket(ticket: TicketRow, resolution: Resolution | null, { items, gaps }: RatedWork): void {
    const { ticketId, clientId, noChargeReasonCode } = ticket;
    if (resolution === null) this.unresolved.run(ticketId);
    else this.resolved({ ticketId, clientId, ...resolution, isNoCharge: noChargeReasonCode !== null });
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
    const written = new Map<string, DerivedGap>();
    for (const gap of gaps) {
      const key = gapKey(gap);
      invariant(!written.has(key), () => `rating gave gap ${key} twice`);
      written.set(key, gap);
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

  /** The ledger must look at the gap under each key that it may be recorded by. */
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

function sizeOf({ items, gaps, charges, draws, allotments, lapses, due }: Written): number {
  return items.size + gaps.size + charges.length + draws.length + allotments.length + lapses.length + due.length;
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

/** The rows of a client-period that come in one order. */
class PeriodRows<Given extends object> {
  private readonly rows: StoredRows;

  constructor(
    database: ReadDatabase,
    table: InSql,
    private readonly cellsOf: (given: Given) => Cells,
  ) {
    this.rows = new StoredRows(database, table, 'client_id = ? AND period = ?');
  }

  /** `known`: what was written last, where somebody remembers. Answers what is written now. */
  write(clientId: string, period: Month, given: readonly Given[], known?: readonly Given[]): readonly Given[] {
    const before: readonly (Given | Cells)[] = known ?? this.rows.stored.all(clientId, period);
    const keyOf = (row: Cells): string => this.rows.keyOf(row).join(' ');
    const isLeft = (one: Given, index: number): boolean => {
      const old = before[index];
      return old !== undefined && (isCells(old) ? same(old, this.cellsOf(one)) : alike(old, one));
    };
    const changed = given.filter((one, index) => !isLeft(one, index));
    if (changed.length === 0 && given.length === before.length) return known ?? given;
    const others = new Map<string, Cells>();
    for (const [index, old] of before.entries()) {
      const one = given[index];
      if (one !== undefined && isLeft(one, index)) continue;
      const row = isCells(old) ? old : this.cellsOf(old);
      others.set(keyOf(row), row);
    }
    for (const one of changed) {
      const row = this.cellsOf(one);
      const key = keyOf(row);
      const old = others.get(key);
      if (!old || !same(old, row)) this.rows.put.run(...row);
      others.delete(key);
    }
    for (const gone of others.values()) this.rows.remove(gone);
    return given;
  }
}

function placedDraws(clientId: string, period: Month, { draws, items }: RatingResult): readonly PlacedDraw[] {
  if (draws.length === 0) return [];
  const tickets = new Map<string, string>();
  for (const { draw, itemId, workItemId, ticketId } of items)
    if (draw !== undefined) tickets.set(`${itemId} ${workItemId}`, ticketId);
  return draws.map((draw, index) => {
    const ticketId = tickets.get(`${draw.itemId} ${draw.workItemId}`) ?? NO_TICKET;
    return { clientId, period, sequence: index + 1, ticketId, draw };
  });
}

function placedGrants(clientId: string, period: Month, contract: ContractFacts): readonly PlacedGrant[] {
  const { contractId } = contract;
  return grantsOf(contract, period).map((grant) => {
    const lives = periodsRolledOver(grant.allotment);
    const lastDay = lives > 0 ? daysOf(monthsLater(period, lives)).last : grant.to;
    return { clientId, period, contractId, grant, lastDay };
  });
}

function same(before: Cells, after: Cells): boolean {
  return before.every((cell, index) => cell === after[index]);
}
