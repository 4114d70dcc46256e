import { Decimal, type LocalDate, type Month } from '@billtrail/kernel';
import {
  type BlockDue,
  type BlockReturn,
  type OwnedBlock,
  type PrepaidAmount,
  priceLess,
  returnedOf,
} from '@billtrail/contracts';
import type { BillableItem, Draw, PrepaidSource } from '@billtrail/billing';
import { presentDraw, presentItem, sourceColumns, sourceOf } from '../billable-items/rows.js';
import { BLOCKS_DUE, DRAWS, ITEMS, LAPSES, MINUTE_PARTS, NO_TICKET, type DrawRow } from '../billable-items/tables.js';
import { firstOf } from '../database/list.js';
import type { RowOf } from '../database/table.js';
import { moneyOf } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { amountIn, burnDownsOf, unitOf, valueOf, type BurnDown, type Fuel } from './burn-down.js';
import { fromJson } from '../database/row-unreadable.js';

/** A block, or the allotment of a month, with what is left in it. */
export interface Prepaid {
  readonly source: PrepaidSource;
  readonly clientId: string;
  /** Of an allotment as its terms name it, of a block its id. */
  readonly name: string;
  readonly whole: PrepaidAmount;
  readonly drawn: PrepaidAmount;
  /** What went back to the client, with its money; of a block that was withdrawn all that nobody drew. */
  readonly returned: PrepaidAmount;
  /**
   * What nobody can draw any more: it was above what the terms let go into the next month, or its last day is past. Absent: neither; where no day was asked
   * for, what is past counts as left.
   */
  readonly lapsed?: PrepaidAmount;
  /** What is neither drawn nor returned, nor lapsed. Never below zero. */
  readonly left: PrepaidAmount;
  /** First day of work that draws on it. */
  readonly firstDay: LocalDate;
  /** Last one; null: it does not expire. Of an allotment that rolls over, a month after its own. */
  readonly lastDay: LocalDate | null;
}

export interface PrepaidFilter {
  readonly clientId?: string | undefined;
  readonly contractId?: string | undefined;
  /** Only what is in force on this day. */
  readonly inForceOn?: LocalDate | undefined;
}

/** One line of a statement. */
export interface StatementLine {
  readonly period: Month;
  readonly draw: Draw;
  /** What was left after this draw, of all that was purchased. */
  readonly leftAfter: PrepaidAmount;
  /** null where the item is gone and only its invoice still holds the draw. */
  readonly item: BillableItem | null;
}

/** What went back at once; by a withdrawal all that nobody drew: then it has no id and no day of its own. */
export type ReturnLine = Pick<BlockReturn, 'amount' | 'net' | 'reason'> & {
  readonly returnId: string | null;
  readonly returnedOn: LocalDate | null;
};

/** What of an allotment lapsed when a month began, above what the terms let go into it. */
export interface LapseLine {
  readonly period: Month;
  readonly amount: PrepaidAmount;
}

/** A page of draws, and with each page all that went back and all that lapsed above the limit of the terms. */
export interface Statement extends Page<StatementLine> {
  readonly returns: readonly ReturnLine[];
  /** Absent: none. */
  readonly lapses?: readonly LapseLine[];
}

type SourceRow = Pick<DrawRow, 'contractId' | 'source' | 'sourceId' | 'month'> & {
  readonly clientId: string;
  readonly name: string;
  readonly amount: string;
  /** `BlockReturn`s. */
  readonly returns: string;
  readonly withdrawn: string | null;
  /** Of a block that has one, as JSON. */
  readonly price: string | null;
  readonly firstDay: string;
  readonly lastDay: string | null;
};
interface SumRow {
  readonly minuteParts: bigint;
  readonly minor: bigint;
  readonly currency: string | null;
}

/** Nothing is drawn after the contract's own last day. */
const earlierOf = (day: string): string =>
  `CASE WHEN c.last_day < coalesce(${day}, '~') THEN c.last_day ELSE ${day} END`;

const SOURCES = `SELECT a.client_id AS clientId, a.contract_id AS contractId, 'allotment' AS source, a.allotment_id AS sourceId,
     a.period AS month, a.name, a.amount, '[]' AS returns, NULL AS withdrawn, NULL AS price, a.first_day AS firstDay, ${earlierOf('a.last_day')} AS lastDay
     FROM allotments a LEFT JOIN contracts c ON c.contract_id = a.contract_id
   UNION ALL
   SELECT c.client_id, b.contract_id, 'block', b.block_id, '', b.block_id, b.amount, b.returns, b.withdrawn, b.price, b.purchased_on, ${earlierOf('b.expires_on')}
     FROM prepaid_blocks b JOIN contracts c ON c.contract_id = b.contract_id
     WHERE b.withdrawn IS NULL OR EXISTS (
       SELECT 1 FROM draws d WHERE d.contract_id = b.contract_id AND d.source = 'block' AND d.source_id = b.block_id
     )`;

/** Sorts after every month. */
const AFTER_ALL_MONTHS: Month = '~';

const SOURCE_KEY = ['string', 'string', 'string', 'string'] as const;

/** What is prepaid, what is left of it, and which work drew on it. */
export class PrepaidQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** `asOf`: the day on which it is told what has lapsed. Blocks and allotments, in the order of contract, kind, id and month. A withdrawn block is none, but where frozen work drew on it. */
  async balances(filter: PrepaidFilter = {}, page: PageRequest = {}, asOf?: LocalDate): Promise<Page<Prepaid>> {
    const limit = pageLimit(page);
    const after = decodeCursor('prepaid', SOURCE_KEY, page.cursor) ?? ['', '', '', ''];
    const [contract, source, id, month] = after.map(String);
    return this.database.snapshot(() => {
      const rows = this.sources(filter, { contract, source, id, month, limit: limit + 1 });
      return pageOf(
        rows,
        limit,
        (row) => lapsedBy(asOf, this.presentSource(row)),
        (row) => encodeCursor('prepaid', [row.contractId, row.source, row.sourceId, row.month]),
      );
    });
  }

  /** null where there is no such block or allotment. */
  async balance(source: PrepaidSource): Promise<Prepaid | null> {
    return this.balanceNow(source);
  }

  /** The same, for what is read at once. */
  balanceNow(source: PrepaidSource): Prepaid | null {
    return this.database.snapshot(() => {
      const row = this.sourceRow(source);
      return row === undefined ? null : this.presentSource(row);
    });
  }

  /**
   * Every draw with its item and what it left, in the order in which they were taken, and what was returned; null where there is no such block or
   * allotment.
   */
  async statement(source: PrepaidSource, page: PageRequest = {}): Promise<Statement | null> {
    const limit = pageLimit(page);
    const [period, sequence] = decodeCursor('statement', ['string', 'number'], page.cursor) ?? ['', 0];
    return this.database.snapshot(() => {
      const row = this.sourceRow(source);
      if (row === undefined) return null;
      const whole = fromJson(row.amount) as PrepaidAmount;
      const key = keyOf(source);
      const lapses = this.lapsesOf(source);
      const rows = this.drawRows(key, String(period), Number(sequence), limit + 1);
      let left = valueOf(whole).minus(sumValue(this.drawnOf(key, String(period), Number(sequence)), whole));
      const lines = rows.map((drawRow) => {
        const draw = presentDraw(drawRow);
        left = left.minus(valueOf(draw.amount));
        const gone = lapses.filter((one) => one.period <= drawRow.period).map(({ amount }) => valueOf(amount));
        const leftAfter = amountIn(unitOf(whole), Decimal.max(0, left.minus(Decimal.sum(0, ...gone))));
        return { line: { period: drawRow.period, draw, leftAfter, item: this.itemOf(drawRow) }, drawRow };
      });
      const drawn = pageOf(
        lines,
        limit,
        ({ line }) => line,
        ({ drawRow }) => encodeCursor('statement', [drawRow.period, drawRow.sequence]),
      );
      const returns = returnsOf(row, valueOf(whole).minus(sumValue(this.drawnOf(key), whole)));
      return { ...drawn, returns, ...(lapses.length === 0 ? {} : { lapses }) };
    });
  }

  /** Contracts that need another block, each with the first work that does: what else they need shows once that is bought. */
  async blocksDue(): Promise<readonly BlockDue[]> {
    const first = new Map<string, BlockDue>();
    for (const row of this.database.rows(BLOCKS_DUE, 'ORDER BY contract_id, due_on, period').all())
      if (!first.has(row.contractId)) first.set(row.contractId, blockDueOf(row));
    return [...first.values()];
  }

  /** The same of one contract and its client, for what is read at once; null: it needs none. */
  blockDueNow(contractId: string, clientId: string): BlockDue | null {
    const row = firstOf(this.database, BLOCKS_DUE, { contractId, clientId }, 'due_on, period');
    return row === undefined ? null : blockDueOf(row);
  }

  /**
   * How the blocks of a contract go down, and the allotments that are in force on the day asked: for each unit with the day on which it will
   * be used up if it goes on as so far. null where there is no such contract.
   */
  async burnDown(
    contractId: string,
    asOf: LocalDate,
  ): Promise<{ readonly blocks: readonly BurnDown[]; readonly allotments: readonly BurnDown[] } | null> {
    return this.database.snapshot(() => {
      const known = this.database
        .query<[string], object>('SELECT 1 FROM contracts WHERE contract_id = ?')
        .get(contractId);
      if (known === undefined) return null;
      const rows = this.database
        .query<[string], SourceRow>(`SELECT * FROM (${SOURCES}) WHERE contractId = ?`)
        .all(contractId);
      const fuels = (kind: SourceRow['source']): readonly Fuel[] =>
        rows.filter((row) => row.source === kind && isCounted(row, asOf)).map((row) => this.fuelOf(row));
      return { blocks: burnDownsOf(fuels('block'), asOf), allotments: burnDownsOf(fuels('allotment'), asOf) };
    });
  }

  private sources(
    { clientId, contractId, inForceOn }: PrepaidFilter,
    after: Readonly<Record<string, string | number | undefined>>,
  ): readonly SourceRow[] {
    const where = [
      ...(clientId === undefined ? [] : ['clientId = :clientId']),
      ...(contractId === undefined ? [] : ['contractId = :contractId']),
      ...(inForceOn === undefined
        ? []
        : ['withdrawn IS NULL AND firstDay <= :inForceOn AND (lastDay IS NULL OR lastDay >= :inForceOn)']),
    ];
    return this.database
      .query<[object], SourceRow>(
        `SELECT * FROM (${SOURCES}) WHERE (contractId, source, sourceId, month) > (:contract, :source, :id, :month)
         ${where.map((part) => `AND ${part}`).join(' ')} ORDER BY contractId, source, sourceId, month LIMIT :limit`,
      )
      .all({
        ...after,
        ...(clientId === undefined ? {} : { clientId }),
        ...(contractId === undefined ? {} : { contractId }),
        ...(inForceOn === undefined ? {} : { inForceOn }),
      });
  }

  private sourceRow(source: PrepaidSource): SourceRow | undefined {
    return this.database
      .query<[...SourceKey], SourceRow>(
        `SELECT * FROM (${SOURCES}) WHERE contractId = ? AND source = ? AND sourceId = ? AND month = ?`,
      )
      .get(...keyOf(source));
  }

  private presentSource(row: SourceRow): Prepaid {
    const whole = fromJson(row.amount) as PrepaidAmount;
    const source = sourceOf(row);
    const drawn = sumValue(this.drawnOf(keyOf(source)), whole);
    const undrawn = valueOf(whole).minus(drawn);
    const returned = Decimal.sum(0, ...returnsOf(row, undrawn).map(({ amount }) => valueOf(amount)));
    const lapsed = Decimal.sum(0, ...this.lapsesOf(source).map(({ amount }) => valueOf(amount)));
    const unit = unitOf(whole);
    return {
      source,
      clientId: row.clientId,
      name: row.name,
      whole,
      drawn: amountIn(unit, drawn),
      returned: amountIn(unit, returned),
      ...(lapsed.isZero() ? {} : { lapsed: amountIn(unit, lapsed) }),
      left: amountIn(unit, Decimal.max(0, undrawn.minus(returned).minus(lapsed))),
      firstDay: row.firstDay,
      lastDay: row.lastDay,
    };
  }

  /** What of an allotment lapsed above the limit of its terms, in order. */
  private lapsesOf(source: PrepaidSource): readonly LapseLine[] {
    if (source.from === 'block') return [];
    const { contractId, allotmentId, month } = source;
    return this.database
      .rows(LAPSES, 'WHERE contract_id = ? AND allotment_id = ? AND month = ? ORDER BY period')
      .all(contractId, allotmentId, month)
      .map(({ period, amount }) => ({ period, amount }));
  }

  /** What was drawn in all, or up to a place in the order of drawing. */
  private drawnOf(key: SourceKey, period: Month = AFTER_ALL_MONTHS, sequence = 0): SumRow | undefined {
    return this.database
      .query<[...SourceKey, string, number], SumRow>(
        `SELECT coalesce(sum(minute_parts), 0) AS minuteParts, coalesce(sum(value_minor), 0) AS minor, max(currency) AS currency
         FROM draws WHERE contract_id = ? AND source = ? AND source_id = ? AND month = ? AND (period, sequence) <= (?, ?)`,
      )
      .get(...key, period, sequence);
  }

  private fuelOf(row: SourceRow): Fuel {
    const draws = this.drawRows(keyOf(sourceOf(row)), '', 0, -1).map(presentDraw);
    const { whole, returned, lapsed } = this.presentSource(row);
    const gone = valueOf(returned).plus(lapsed === undefined ? 0 : valueOf(lapsed));
    return {
      // What went back, or lapsed above the limit, is not burnt.
      whole: amountIn(unitOf(whole), valueOf(whole).minus(gone)),
      firstDay: row.firstDay,
      lastDay: row.lastDay,
      draws,
    };
  }

  /** After a place in the order of drawing. `limit` -1: all. */
  private drawRows(key: SourceKey, period: Month, sequence: number, limit: number): readonly DrawRow[] {
    return this.database
      .rows(
        DRAWS,
        `WHERE contract_id = ? AND source = ? AND source_id = ? AND month = ? AND (period, sequence) > (?, ?)
         ORDER BY period, sequence LIMIT ?`,
      )
      .all(...key, period, sequence, limit);
  }

  private itemOf({ clientId, period, itemId, ticketId }: DrawRow): BillableItem | null {
    if (ticketId === NO_TICKET) return null;
    const row = firstOf(this.database, ITEMS, { clientId, period, itemId, ticketId });
    return row ? presentItem(row) : null;
  }
}

/** Contract, kind, id and month, as the draws name their source. */
type SourceKey = readonly [string, string, string, string];

function keyOf(of: PrepaidSource): SourceKey {
  const { contractId, source, sourceId, month } = sourceColumns(of);
  return [contractId, source, sourceId, month];
}

/** Of blocks all, for the average goes back to the first; of allotments those of the day. */
function isCounted(row: SourceRow, asOf: LocalDate): boolean {
  return row.source === 'block' || (row.firstDay <= asOf && (row.lastDay === null || row.lastDay >= asOf));
}

function blockDueOf({ contractId, dueOn, workItemId, follows, ofBlocks }: RowOf<typeof BLOCKS_DUE>): BlockDue {
  return { contractId, on: dueOn, workItemId, follows, ofBlocks };
}

function sumValue(sum: SumRow | undefined, whole: PrepaidAmount): Decimal {
  if (sum === undefined) return new Decimal(0);
  if (whole.unit === 'minutes') return new Decimal(sum.minuteParts.toString()).div(MINUTE_PARTS);
  return sum.currency === null ? new Decimal(0) : new Decimal(moneyOf(sum.minor, sum.currency).amount);
}

/** What went back of a block, in order; of a withdrawn one `undrawn` less that went back by its withdrawal. */
function returnsOf({ returns: stored, withdrawn, amount, price }: SourceRow, undrawn: Decimal): readonly ReturnLine[] {
  const returns = fromJson(stored) as readonly BlockReturn[];
  if (withdrawn === null) return returns;
  const before = returnedOf({ returns });
  const rest = undrawn.minus(before);
  if (rest.isNegative() || rest.isZero()) return returns;
  const whole = fromJson(amount) as PrepaidAmount;
  const paid = price === null ? null : (fromJson(price) as NonNullable<OwnedBlock['price']>).net;
  const of = paid === null ? null : { amount: whole, net: paid };
  const net = of === null ? null : priceLess(of, before).minus(priceLess(of, undrawn)).toJSON();
  const byWithdrawal = { returnId: null, amount: amountIn(unitOf(whole), rest), net, returnedOn: null };
  return [...returns, { ...byWithdrawal, reason: withdrawn }];
}

function lapsedBy(asOf: LocalDate | undefined, one: Prepaid): Prepaid {
  if (asOf === undefined) return one;
  const nothing = amountIn(unitOf(one.whole), new Decimal(0));
  const isOver = one.lastDay !== null && one.lastDay < asOf;
  const { lapsed = nothing } = one;
  const all = amountIn(unitOf(one.whole), valueOf(lapsed).plus(valueOf(one.left)));
  return isOver ? { ...one, lapsed: all, left: nothing } : { ...one, lapsed };
}
