import { invariant, type Month } from '@billtrail/kernel';
import {
  deriveTicketGaps,
  rate,
  unpricedForLackOfClient,
  type BillableItem,
  type BillingConfiguration,
  type DerivedGap,
  type RatingResult,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { toColumns } from '../database/money-columns.js';
import type { FactsReader } from './facts-reader.js';
import { oneGapPerKey } from './one-gap-per-key.js';
import { NO_CLIENT, TICKET_SCOPE, type TicketRow } from './schema.js';
import type { Staleness } from './staleness.js';

/** Tickets that are taken from the marks at once. */
const TICKETS_AT_ONCE = 100;

type Cell = string | bigint | null;
type Cells = readonly Cell[];

const NOTHING: RatingResult = { items: [], gaps: [] };

const ITEM_COLUMN_COUNT = 23;
const GAP_COLUMN_COUNT = 13;

function whole(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

/** Works out stale client-periods and tickets anew and writes the rows that came out differently, and only those. */
export class Settlement {
  private readonly itemsOfPeriod;
  private readonly itemsWithoutClient;
  private readonly putItem;
  private readonly removeItem;
  private readonly gapsOfPeriod;
  private readonly gapsOfTicket;
  private readonly putGap;
  private readonly removeGap;
  private readonly gapChanged;
  private readonly putResolvedOn;

  constructor(
    database: ReadDatabase,
    private readonly facts: FactsReader,
    private readonly stale: Staleness,
  ) {
    this.itemsOfPeriod = database
      .exactStatement<[string, string], Cell[]>('SELECT * FROM billable_items WHERE client_id = ? AND period = ?')
      .raw();
    this.itemsWithoutClient = database
      .exactStatement<[string], Cell[]>(
        `SELECT * FROM billable_items WHERE ticket_id = ? AND client_id = '${NO_CLIENT}'`,
      )
      .raw();
    this.putItem = database.exactStatement(
      `INSERT OR REPLACE INTO billable_items VALUES (${marks(ITEM_COLUMN_COUNT)})`,
    );
    this.removeItem = database.exactStatement(
      'DELETE FROM billable_items WHERE client_id = ? AND period = ? AND item_id = ? AND ticket_id = ?',
    );
    this.gapsOfPeriod = database
      .exactStatement<[string], Cell[]>(`SELECT * FROM derived_gaps WHERE scope = ? AND scope <> '${TICKET_SCOPE}'`)
      .raw();
    this.gapsOfTicket = database
      .exactStatement<[string], Cell[]>(`SELECT * FROM derived_gaps WHERE ticket_id = ? AND scope = '${TICKET_SCOPE}'`)
      .raw();
    this.putGap = database.exactStatement(`INSERT OR REPLACE INTO derived_gaps VALUES (${marks(GAP_COLUMN_COUNT)})`);
    this.removeGap = database.exactStatement(
      'DELETE FROM derived_gaps WHERE ticket_id = ? AND gap_key = ? AND scope = ?',
    );
    this.gapChanged = database.statement('INSERT OR REPLACE INTO gap_changes (gap_key) VALUES (?)');
    this.putResolvedOn = database.statement('UPDATE tickets SET resolved_on = ? WHERE ticket_id = ?');
  }

  /** Periods first, then tickets, until the deadline. True while something is left. */
  run(deadline: number, now: () => number): boolean {
    for (let next = this.stale.nextPeriod(); next; next = this.stale.nextPeriod()) {
      this.period(next.clientId, next.period);
      this.stale.periodDone(next.clientId, next.period);
      if (now() >= deadline) return this.stale.any();
    }
    for (
      let next = this.stale.nextTickets(TICKETS_AT_ONCE);
      next.length > 0;
      next = this.stale.nextTickets(TICKETS_AT_ONCE)
    ) {
      for (const ticketId of next) {
        this.ticket(ticketId);
        this.stale.ticketDone(ticketId);
        if (now() >= deadline) return this.stale.any();
      }
    }
    return false;
  }

  private period(clientId: string, period: Month): void {
    const configuration = this.facts.configuration();
    const { items, gaps } = rate(this.facts.periodFacts(clientId, period, configuration));
    this.writeItems(this.itemsOfPeriod.all(clientId, period), items);
    const scope = `${clientId} ${period}`;
    this.writeGaps(this.gapsOfPeriod.all(scope), scope, gaps);
  }

  private ticket(ticketId: string): void {
    const row = this.facts.ticketRow(ticketId);
    if (!row) return;
    const resolvedOn = this.facts.resolvedOn(row);
    if (resolvedOn !== row.resolved_on) this.putResolvedOn.run(resolvedOn, ticketId);
    const configuration = this.facts.configuration();
    const withoutClient = row.client_id === null ? this.unpriced(row) : NOTHING;
    this.writeItems(this.itemsWithoutClient.all(ticketId), withoutClient.items);
    const own = resolvedOn === null ? [] : this.ownGaps(row, configuration);
    this.writeGaps(this.gapsOfTicket.all(ticketId), TICKET_SCOPE, [...own, ...withoutClient.gaps]);
  }

  private ownGaps(row: TicketRow, configuration: BillingConfiguration): readonly DerivedGap[] {
    const texts = configuration.materialWords.length > 0;
    return deriveTicketGaps(this.facts.ticket(row, { texts }), this.facts.kindsOfWork(row.ticket_id), configuration);
  }

  /** Work that no client-period holds, as long as the ticket has no client. */
  private unpriced(row: TicketRow): RatingResult {
    return unpricedForLackOfClient(this.facts.ticket(row), this.facts.workOf(row.ticket_id));
  }

  /** `stored` are the rows that this client-period or ticket had before. */
  private writeItems(stored: readonly Cells[], items: readonly BillableItem[]): void {
    if (stored.length === 0 && items.length === 0) return;
    const before = new Map(stored.map((row) => [`${row[1]} ${row[2]} ${row[4]}`, row]));
    const written = new Set<string>();
    for (const item of items) {
      const key = `${item.period} ${item.itemId} ${item.ticketId}`;
      invariant(!written.has(key), `rating gave item ${item.itemId} of ticket ${item.ticketId} twice`);
      written.add(key);
      const cells = itemCells(item);
      const old = before.get(key);
      if (!old || !same(old, cells)) this.putItem.run(...cells);
      before.delete(key);
    }
    for (const gone of before.values()) this.removeItem.run(gone[0], gone[1], gone[2], gone[4]);
  }

  /** `stored` are the rows that this scope had before (of the ticket, where the scope is the ticket's). */
  private writeGaps(stored: readonly Cells[], scope: string, gaps: readonly DerivedGap[]): void {
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

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

function same(before: Cells, after: Cells): boolean {
  return before.every((cell, index) => cell === after[index]);
}

/** In the order of the table's columns. */
function itemCells(item: BillableItem): Cells {
  const net = toColumns(item.net);
  return [
    item.clientId ?? NO_CLIENT,
    item.period,
    item.itemId,
    item.workItemId,
    item.ticketId,
    item.kind,
    item.disposition,
    item.workDate,
    item.description,
    whole(item.actualMinutes),
    whole(item.billableMinutes),
    item.quantity,
    item.unit,
    item.unitPrice?.amount ?? null,
    net.currency ?? item.unitPrice?.currency ?? null,
    net.minor,
    item.taxCategory,
    item.contractId,
    whole(item.contractVersion),
    item.approval,
    item.invoiceId,
    JSON.stringify(item.sourceEventIds),
    JSON.stringify(item.trace),
  ];
}

function gapCells(key: string, scope: string, gap: DerivedGap): Cells {
  const { minor, currency } = toColumns(gap.valueAtRisk.money);
  return [
    gap.ticketId,
    key,
    scope,
    gap.kind,
    gap.clientId,
    gap.period,
    gap.workItemId,
    minor,
    currency,
    whole(gap.valueAtRisk.minutes),
    gap.cause,
    JSON.stringify(gap.sourceEventIds),
    gap.dueOn,
  ];
}
