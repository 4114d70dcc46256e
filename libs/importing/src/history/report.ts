import { isTransition, type TicketEvent } from '@billtrail/ticketing';
import { MAX_LISTED } from '../limits.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { ROW_FATES, type RowFate } from './apply-row.js';
import type { BrokenRow, HistoryRow } from './rows.js';
import { inOrder, type TicketHistory } from './ticket-history.js';

type Counts = Record<string, number>;

export interface RejectedRow {
  readonly line: number;
  readonly ticket: string | null;
  readonly column: string | null;
  readonly reason: string;
}

/** How times stated in a column (`resolved_at`) agree with the time of the row that made the move. One count per move. */
export interface StatedTimes {
  readonly same: number;
  readonly differs: number;
  readonly missing: number;
}

/** The report of an import: what became of each row. Plain data; `fates` sum to `rows`. */
export interface ImportReport {
  readonly file: string;
  readonly source: string;
  readonly timeZone: { readonly name: string; readonly statedBy: 'caller' | 'mapping' };
  /** Rows below the header; blank lines are none. */
  readonly rows: number;
  readonly blankLines: number;
  readonly fates: Readonly<Record<RowFate, number>>;
  /** True if the rows of a ticket are not adjacent in the file (a log sorted by time). */
  readonly rowsScattered: boolean;
  /** Tickets that the file names. */
  readonly tickets: {
    readonly total: number;
    readonly created: number;
    readonly grown: number;
    readonly unchanged: number;
    readonly heldBack: number;
  };
  readonly clients: { readonly total: number; readonly registered: number; readonly ticketsWithout: number };
  /** Events that the rows amount to; `appended` are new in the log, the others were there already. */
  readonly events: { readonly total: number; readonly appended: number; readonly byType: Readonly<Counts> };
  readonly order: {
    /** Rows with the time of the row before them, of the same ticket, in the order of the file. */
    readonly ties: number;
    /** Rows whose sequence number is lower than that of the row before. */
    readonly sequenceFallsBack: number;
    /** Rows whose time is earlier than that of the row before. */
    readonly timeFallsBack: number;
    /** Tickets whose rows were taken in another order than the file's. */
    readonly ticketsReordered: number;
    /** Tickets that were requested, as stated, after their first row. */
    readonly requestedAfterFirstRow: number;
  };
  readonly lifecycle: {
    /** State of the first row of each ticket. */
    readonly firstStates: Readonly<Counts>;
    /** `New -> Closed`: changes of state between rows of one ticket. */
    readonly changes: Readonly<Counts>;
    /** Tickets with several rows in a closed state. */
    readonly closedSeveralTimes: number;
    /** Tickets with another state after a closed one. */
    readonly wentOnAfterClosed: number;
    /** Rows by state that the mapping does not know. */
    readonly unknownStates: Readonly<Counts>;
    /** Moves that the lifecycle forbids, kept and marked: how many, and which rules they broke (one move may break several). */
    readonly irregularMoves: number;
    readonly irregularByRule: Readonly<Counts>;
  };
  readonly statedTimes: { readonly resolvedAt: StatedTimes | null; readonly closedAt: StatedTimes | null };
  /** Rows whose time happens twice or never in the zone, because the clocks change. */
  readonly clockChanges: { readonly ambiguous: number; readonly nonexistent: number };
  /** Nulls per mapped column. */
  readonly nulls: Readonly<Counts>;
  /** Columns of the file that the mapping does not use. */
  readonly unusedColumns: readonly string[];
  readonly rejects: { readonly rows: number; readonly file: string | null; readonly listed: readonly RejectedRow[] };
}

export type AppendOutcome = 'created' | 'grown' | 'unchanged';

/** States are called as the file calls them, and `constructor` is in every object but these. */
const noCounts = (): Counts => Object.create(null) as Counts;

const increase = (counts: Counts, key: string, by = 1): void => {
  counts[key] = (counts[key] ?? 0) + by;
};

class StatedTimesTally {
  same = 0;
  differs = 0;
  missing = 0;
  add(stated: number | null, actual: number): void {
    if (stated === null) this.missing++;
    else if (stated === actual) this.same++;
    else this.differs++;
  }
  result(column: string | null): StatedTimes | null {
    const { same, differs, missing } = this;
    return column === null ? null : { same, differs, missing };
  }
}

/** Keeps the report while the rows are read. */
export class ImportTally {
  rows = 0;
  private readonly fates = Object.fromEntries(ROW_FATES.map((fate) => [fate, 0])) as Record<RowFate, number>;
  private readonly tickets = { total: 0, created: 0, grown: 0, unchanged: 0, heldBack: 0 };
  private ticketsWithoutClient = 0;
  private readonly eventsByType: Counts = noCounts();
  private events = 0;
  private appended = 0;
  private readonly order = {
    ties: 0,
    sequenceFallsBack: 0,
    timeFallsBack: 0,
    ticketsReordered: 0,
    requestedAfterFirstRow: 0,
  };
  private readonly firstStates: Counts = noCounts();
  private readonly changes: Counts = noCounts();
  private closedSeveralTimes = 0;
  private wentOnAfterClosed = 0;
  private readonly unknownStates: Counts = noCounts();
  private irregularMoves = 0;
  private readonly irregularByRule: Counts = noCounts();
  private readonly resolved = new StatedTimesTally();
  private readonly closed = new StatedTimesTally();
  private readonly clockChanges = { ambiguous: 0, nonexistent: 0 };
  private readonly listed: RejectedRow[] = [];

  constructor(private readonly mapping: TicketHistoryMapping) {}

  get ticketCount(): number {
    return this.tickets.total;
  }

  get appendedCount(): number {
    return this.appended;
  }

  /** Counts what the rows themselves show, whatever became of them. */
  countRows(rows: readonly HistoryRow[], again: boolean): void {
    if (!again) this.tickets.total++;
    for (const row of rows) {
      if (row.clockChange !== null) this.clockChanges[row.clockChange]++;
      if (row.stage === null) increase(this.unknownStates, row.state);
    }
    this.countOrder(rows);
    const ordered = inOrder(rows);
    if (ordered !== rows) this.order.ticketsReordered++;
    this.countStates(ordered);
  }

  private countOrder(rows: readonly HistoryRow[]): void {
    for (let index = 1; index < rows.length; index++) {
      const [before, row] = [rows[index - 1], rows[index]];
      if (!before || !row) continue;
      if (row.at === before.at) this.order.ties++;
      if (row.at < before.at) this.order.timeFallsBack++;
      if (row.sequence !== null && before.sequence !== null && row.sequence < before.sequence)
        this.order.sequenceFallsBack++;
    }
  }

  private countStates(rows: readonly HistoryRow[]): void {
    const [first] = rows;
    if (!first) return;
    increase(this.firstStates, first.state);
    if (first.openedAt !== null && first.openedAt > first.at) this.order.requestedAfterFirstRow++;
    let before: HistoryRow | null = null;
    for (const row of rows) {
      if (row.state !== before?.state) {
        if (before) increase(this.changes, `${before.state} -> ${row.state}`);
        if (row.stage === 'resolved' && before?.stage !== 'resolved') this.resolved.add(row.resolvedAt, row.at);
        if (row.stage === 'closed' && before?.stage !== 'closed') this.closed.add(row.closedAt, row.at);
      }
      before = row;
    }
    const closed = rows.filter(({ stage }) => stage === 'closed');
    if (closed.length > 1) this.closedSeveralTimes++;
    const firstClosed = rows.findIndex(({ stage }) => stage === 'closed');
    if (firstClosed >= 0 && rows.slice(firstClosed).some(({ stage }) => stage !== 'closed')) this.wentOnAfterClosed++;
  }

  /** Counts what an imported group amounts to. */
  countHistory(history: TicketHistory, outcome: AppendOutcome, appended: number, again: boolean): void {
    for (const { fate } of history.outcomes) this.fates[fate]++;
    this.events += history.events.length;
    this.appended += appended;
    for (const event of history.events) this.countEvent(event);
    if (!again) this.tickets[outcome]++;
    const [first] = history.events;
    if (first?.type === 'TicketRequested' && first.data.clientId === null) this.ticketsWithoutClient++;
  }

  private countEvent(event: TicketEvent): void {
    increase(this.eventsByType, event.type);
    if (!isTransition(event) || !('irregular' in event.data) || event.data.irregular === undefined) return;
    this.irregularMoves++;
    for (const rule of event.data.irregular) increase(this.irregularByRule, rule);
  }

  countRejected(rows: readonly BrokenRow[], heldBack: number, ticket: string | null): void {
    this.fates.rejected += rows.length;
    this.fates['held-back'] += heldBack;
    if (ticket !== null) this.tickets.heldBack++;
    for (const { line, column, reason } of rows) {
      if (this.listed.length < MAX_LISTED) this.listed.push({ line, ticket, column, reason });
    }
  }

  report(
    rest: Pick<
      ImportReport,
      'file' | 'source' | 'timeZone' | 'blankLines' | 'rowsScattered' | 'nulls' | 'unusedColumns'
    > & {
      readonly clients: { readonly total: number; readonly registered: number };
      readonly rejectsFile: string | null;
    },
  ): ImportReport {
    const { clients, rejectsFile, ...given } = rest;
    const { ticket } = this.mapping;
    const rejected = this.fates.rejected + this.fates['held-back'];
    return {
      ...given,
      rows: this.rows,
      fates: { ...this.fates },
      tickets: { ...this.tickets },
      clients: { ...clients, ticketsWithout: this.ticketsWithoutClient },
      events: { total: this.events, appended: this.appended, byType: sorted(this.eventsByType) },
      order: { ...this.order },
      lifecycle: {
        firstStates: sorted(this.firstStates),
        changes: sorted(this.changes),
        closedSeveralTimes: this.closedSeveralTimes,
        wentOnAfterClosed: this.wentOnAfterClosed,
        unknownStates: sorted(this.unknownStates),
        irregularMoves: this.irregularMoves,
        irregularByRule: sorted(this.irregularByRule),
      },
      statedTimes: {
        resolvedAt: this.resolved.result(ticket.resolvedAt),
        closedAt: this.closed.result(ticket.closedAt),
      },
      clockChanges: { ...this.clockChanges },
      rejects: { rows: rejected, file: rejected > 0 ? rejectsFile : null, listed: [...this.listed] },
    };
  }
}

/** Largest first. */
function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}
