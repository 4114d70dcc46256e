import type { Actor, Refusal } from '@billtrail/kernel';
import type { EventStore } from '@billtrail/event-store';
import type { MaterialWord } from '@billtrail/ticketing';
import { detached } from '../csv/csv-text.js';
import { type CsvTable, openCsv } from '../csv/csv-reader.js';
import { answerRefusals, type InputCode, InputRefused, refuseInput } from '../input-refused.js';
import { MAX_APPENDS_IN_FLIGHT } from '../limits.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { ClientRegister } from './client-register.js';
import { RejectsFile } from './rejects-file.js';
import { SpilledRows } from './spilled-rows.js';
import { type ImportReport, ImportTally } from './report.js';
import { type BrokenRow, type HistoryRow, isBroken, RowReader } from './rows.js';
import { TicketAppender } from './ticket-appender.js';
import { type TicketGroup, TicketGroups } from './ticket-groups.js';
import { ZoneCheck } from './zone-check.js';

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly rows: number;
  readonly tickets: number;
  readonly eventsAppended: number;
}

export interface ImportRequest {
  /** A .csv or .csv.gz file, a row per update of a ticket. */
  readonly file: string;
  readonly mapping: TicketHistoryMapping;
  readonly store: EventStore;
  readonly actor: Actor;
  /** The words that name parts, by the configuration in force when it is asked: which of them its texts name is recorded with each ticket. */
  readonly materialWords: () => Promise<readonly MaterialWord[]>;
  /** Zone of the times in the file; it wins over the mapping's. One of the two must state it. */
  readonly timeZone?: string;
  /** Where rejected rows go, to be corrected and imported again. Without it they are only listed in the report. */
  readonly rejectsFile?: string;
  /** Stop at the first broken row, instead of setting its ticket aside. */
  readonly strict?: boolean;
  /** Stands on every event, to find an import again; without it `import:SOURCE`. */
  readonly correlationId?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Imports the history of tickets: each row becomes what happened, at its own time, in the stream of its ticket. The report accounts for
 * every row. It may be interrupted anywhere and run again: what is in the log is recognised and nothing is recorded twice; a file that has
 * grown adds what is new. Memory does not grow with the file. A broken row sets its whole ticket aside (a ticket is imported whole or not at
 * all), unless `strict` stops there.
 *
 * Returns a refusal for a file that can't be read, for missing columns, an unstated time zone, another zone than the one in which the same
 * rows were imported before (`TimeZoneDiffers`), a broken row (`strict`) and a cancelled run.
 * Throws what the store throws (`StoreUnavailable`); what was acknowledged stays, and a new run goes on.
 */
export function importTicketHistory(request: ImportRequest): Promise<ImportReport | Refusal<InputCode>> {
  return answerRefusals(async () => {
    const timeZone = request.timeZone ?? request.mapping.times.zone;
    if (timeZone === null) {
      throw new InputRefused(
        refuseInput(
          'TimeZoneMissing',
          { file: request.file },
          'the time zone of its times is not stated',
          'State it with the import (--time-zone Australia/Sydney) or as `times.zone` in the mapping',
        ),
      );
    }
    const { mapping, file } = request;
    await RejectsFile.check(request.rejectsFile ?? null, file);
    const table = await openCsv(file, mapping.file, mapping.needed);
    return new ImportRun(request, table, timeZone).run();
  });
}

class ImportRun {
  private readonly tally: ImportTally;
  private readonly reader: RowReader;
  private readonly groups: TicketGroups;
  private readonly spilled: SpilledRows;
  private readonly clients: ClientRegister;
  private readonly appender: TicketAppender;
  private readonly rejects: RejectsFile;
  private readonly inFlight = new Map<string, Promise<void>>();
  /** Tickets that were set aside: later rows of theirs are too. */
  private readonly setAside = new Set<string>();
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private readonly request: ImportRequest,
    private readonly table: CsvTable,
    private readonly timeZone: string,
  ) {
    const { mapping, store, actor, file } = request;
    const correlationId = request.correlationId ?? `import:${mapping.source}`;
    this.tally = new ImportTally(mapping);
    // A zipped log is about a tenth of its size.
    this.spilled = new SpilledRows(table.bytesTotal * (file.endsWith('.gz') ? 10 : 1));
    this.groups = new TicketGroups(this.spilled);
    this.reader = new RowReader(mapping, table.header, timeZone);
    this.clients = new ClientRegister({ store, actor, correlationId, mapping, timeZone, file });
    const zones = new ZoneCheck(mapping, table.header, timeZone, file);
    this.appender = new TicketAppender(store, mapping, actor, correlationId, timeZone, zones, request.materialWords);
    this.rejects = new RejectsFile(request.rejectsFile ?? null, table.header, mapping.file);
  }

  async run(): Promise<ImportReport> {
    try {
      for await (const batch of this.table.rows()) {
        for (const row of batch) await this.take(this.reader.read(row));
        this.showProgress();
        this.stopIfCancelled();
      }
      for await (const group of this.groups.finish()) {
        await this.start(group);
        this.stopIfCancelled();
      }
    } finally {
      // Whatever happened, nothing may still be under way when this run is over.
      await Promise.all(this.inFlight.values());
      await this.spilled.dispose();
      await this.rejects.close();
    }
    if (this.failure) throw this.failure.error;
    this.showProgress();
    return this.report();
  }

  private async take(row: HistoryRow | BrokenRow): Promise<void> {
    this.tally.rows++;
    if (isBroken(row)) {
      if (this.request.strict === true) throw new InputRefused(this.refusalOf(row));
      if (row.ticket === null) {
        this.tally.countRejected([row], 0, null);
        await this.rejects.add(row.line, row.fields, reasonOf(row));
        return;
      }
    }
    for (const group of this.groups.add(row.ticket as string, row)) await this.start(group);
  }

  private refusalOf({ line, column, reason }: BrokenRow): Refusal<InputCode> {
    const place = { file: this.request.file, line, ...(column !== null && { column }) };
    return refuseInput(
      'RowBroken',
      place,
      reason,
      'Mend the row and run again: what was imported before it stays and is not imported twice',
    );
  }

  /** Starts the import of a ticket, once there is room; at most {@link MAX_APPENDS_IN_FLIGHT} are under way. */
  private async start(group: TicketGroup): Promise<void> {
    const { ticket } = group;
    while (this.inFlight.size >= MAX_APPENDS_IN_FLIGHT || this.inFlight.has(ticket))
      await Promise.race(this.inFlight.values());
    if (this.failure) throw this.failure.error;
    this.tally.countRows(group.rows, group.again);
    if (group.broken.length > 0 || this.setAside.has(ticket)) {
      await this.reject(group, 'another row of this ticket was rejected');
      return;
    }
    const work = this.importGroup(group).catch((error: unknown) => {
      this.failure ??= { error };
    });
    this.inFlight.set(
      ticket,
      work.finally(() => this.inFlight.delete(ticket)),
    );
  }

  private async importGroup(group: TicketGroup): Promise<void> {
    const refusal = await this.clients.registerAll(group.rows);
    if (refusal) {
      if (this.request.strict === true) throw new InputRefused(refusal);
      const { line, column } = refusal.details as { line: number; column?: string };
      const broken = group.rows
        .filter((row) => row.line === line)
        .map(({ fields }) => ({ line, fields, ticket: group.ticket, column: column ?? null, reason: refusal.message }));
      const rows = group.rows.filter((row) => row.line !== line);
      await this.reject({ ...group, rows, broken }, 'another row of this ticket was rejected');
      return;
    }
    const { history, outcome, appended } = await this.appender.append(group.ticket, group.rows, group.again);
    this.tally.countHistory(history, outcome, appended, group.again);
  }

  private async reject({ ticket, rows, broken, again }: TicketGroup, reason: string): Promise<void> {
    this.tally.countRejected(broken, rows.length, this.setAside.has(ticket) || again ? null : ticket);
    this.setAside.add(detached(ticket));
    const all = [
      ...broken.map((row) => ({ ...row, reason: reasonOf(row) })),
      ...rows.map((row) => ({ ...row, reason })),
    ];
    for (const row of all.sort((a, b) => a.line - b.line)) await this.rejects.add(row.line, row.fields, row.reason);
  }

  private stopIfCancelled(): void {
    if (this.request.signal?.aborted !== true) return;
    const { file } = this.request;
    const message = `cancelled after ${this.tally.rows} rows and ${this.tally.ticketCount} tickets`;
    throw new InputRefused(
      refuseInput('Cancelled', { file }, message, 'Run it again: it goes on where it ended', {
        rows: this.tally.rows,
        tickets: this.tally.ticketCount,
      }),
    );
  }

  private showProgress(): void {
    this.request.onProgress?.({
      bytesRead: this.table.bytesRead(),
      bytesTotal: this.table.bytesTotal,
      rows: this.tally.rows,
      tickets: this.tally.ticketCount,
      eventsAppended: this.tally.appendedCount,
    });
  }

  private report(): ImportReport {
    const { mapping, file, timeZone, rejectsFile } = this.request;
    const used = new Set(mapping.needed.map(({ column }) => column));
    return this.tally.report({
      file,
      source: mapping.source,
      timeZone: { name: this.timeZone, statedBy: timeZone === undefined ? 'mapping' : 'caller' },
      blankLines: this.table.blankLines(),
      nulls: this.reader.nulls(),
      rowsScattered: this.groups.isScattered,
      unusedColumns: this.table.header.filter((column) => !used.has(column) && !column.startsWith('billtrail_')),
      clients: { total: this.clients.total, registered: this.clients.registered },
      rejectsFile: rejectsFile ?? null,
    });
  }
}

function reasonOf({ column, reason }: BrokenRow): string {
  return column === null ? reason : `${column}: ${reason}`;
}
