import { MAX_ID_LENGTH } from '@billtrail/kernel';
import type { Priority, Stage } from '@billtrail/ticketing';
import type { CsvRow } from '../csv/csv-row.js';
import { type ReadTime, TimeReader } from '../csv/local-time.js';
import { MAX_TEXT_CHARACTERS } from '../limits.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';

export type ClockChange = 'ambiguous' | 'nonexistent' | null;

/** One row of a ticket's history, read by the mapping: null is "nothing there" or "not mapped". */
export interface HistoryRow {
  readonly line: number;
  readonly fields: readonly string[];
  /** Id of the ticket as the file has it. */
  readonly ticket: string;
  readonly at: number;
  readonly clockChange: ClockChange;
  readonly sequence: number | null;
  /** State as the file has it. */
  readonly state: string;
  /** null: the mapping does not know the state. */
  readonly stage: Stage | null;
  readonly engineer: string | null;
  readonly team: string | null;
  readonly priority: Priority | null;
  readonly clientName: string | null;
  readonly category: string | null;
  readonly ticketType: string | null;
  readonly site: string | null;
  readonly openedAt: number | null;
  readonly resolvedAt: number | null;
  readonly closedAt: number | null;
  readonly summary: string;
  readonly description: string | null;
  readonly requestedBy: string | null;
  readonly resolution: string | null;
  readonly note: string | null;
  readonly noteAuthor: string | null;
}

/** A row that can't be read, and why: `column` is null if it is the whole row. */
export interface BrokenRow {
  readonly line: number;
  readonly fields: readonly string[];
  /** The ticket it belongs to, where that much can be told. */
  readonly ticket: string | null;
  readonly column: string | null;
  readonly reason: string;
}

export function isBroken(row: HistoryRow | BrokenRow): row is BrokenRow {
  return 'reason' in row;
}

class Unreadable extends Error {
  override readonly name = 'Unreadable';
  constructor(
    readonly column: string | null,
    message: string,
  ) {
    super(message);
  }
}

/** Reads the rows of one file by one mapping. */
export class RowReader {
  private readonly times: TimeReader;
  private readonly indexes: ReadonlyMap<string, number>;
  private readonly nullCounts: { readonly column: string; readonly index: number; count: number }[];

  constructor(
    private readonly mapping: TicketHistoryMapping,
    private readonly header: readonly string[],
    timeZone: string,
  ) {
    const { format, ambiguous, nonexistent } = mapping.times;
    this.times = new TimeReader({ format, ambiguous, nonexistent, zone: timeZone });
    this.indexes = new Map(header.map((name, index) => [name, index]));
    const columns = [...new Set(mapping.needed.map(({ column }) => column))];
    this.nullCounts = columns.map((column) => ({ column, index: this.indexes.get(column) ?? -1, count: 0 }));
  }

  /** How often each mapped column held a null so far. */
  nulls(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.nullCounts.map(({ column, count }) => [column, count]));
  }

  read(row: CsvRow): HistoryRow | BrokenRow {
    for (const counter of this.nullCounts) {
      if (this.mapping.file.nulls.has(row.fields[counter.index] ?? '')) counter.count++;
    }
    try {
      return this.readWhole(row);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const { line, fields } = row;
      const ticket = fields[this.indexes.get(this.mapping.ticket.id) ?? -1] ?? '';
      const known = ticket.length <= MAX_ID_LENGTH && !this.mapping.file.nulls.has(ticket);
      return { line, fields, ticket: known ? ticket : null, column: error.column, reason: error.message };
    }
  }

  private readWhole(row: CsvRow): HistoryRow {
    const { ticket, stages, assignment, note } = this.mapping;
    if (row.fields.length !== this.header.length) {
      throw new Unreadable(null, `the row has ${row.fields.length} fields, the header ${this.header.length}`);
    }
    const updated = this.time(row, ticket.updatedAt);
    const state = this.value(row, stages.column) ?? '';
    const stage = stages.values.get(state) ?? null;
    if (stage === null && stages.unknown === 'reject')
      throw new Unreadable(stages.column, `the state "${state}" is not in the mapping`);
    return {
      line: row.line,
      fields: row.fields,
      ticket: this.present(row, ticket.id),
      at: updated.millis,
      clockChange: updated.clockChange,
      sequence: this.sequence(row),
      state,
      stage,
      engineer: this.optional(row, assignment.engineer),
      team: this.optional(row, assignment.team),
      priority: this.priority(row),
      clientName: this.clientName(row),
      category: this.optional(row, ticket.category),
      ticketType: this.optional(row, ticket.ticketType),
      site: this.optional(row, ticket.site),
      openedAt: this.optionalTime(row, ticket.openedAt),
      resolvedAt: this.optionalTime(row, ticket.resolvedAt),
      closedAt: this.optionalTime(row, ticket.closedAt),
      summary: this.joined(row, ticket.summary) ?? '',
      description: this.optional(row, ticket.description),
      requestedBy: this.optional(row, ticket.requestedBy),
      resolution: this.joined(row, ticket.resolution),
      note: this.optional(row, note?.text ?? null),
      noteAuthor: this.optional(row, note?.author ?? null),
    };
  }

  private value(row: CsvRow, column: string): string | null {
    const text = row.fields[this.indexes.get(column) ?? -1] ?? '';
    if (this.mapping.file.nulls.has(text)) return null;
    if (text.length > MAX_TEXT_CHARACTERS)
      throw new Unreadable(column, `the text is longer than ${MAX_TEXT_CHARACTERS} characters`);
    return text;
  }

  private optional(row: CsvRow, column: string | null): string | null {
    return column === null ? null : this.value(row, column);
  }

  private present(row: CsvRow, column: string): string {
    const text = this.value(row, column);
    if (text === null) throw new Unreadable(column, 'the ticket id is missing');
    return text;
  }

  private time(row: CsvRow, column: string): Extract<ReadTime, { ok: true }> {
    const text = this.value(row, column);
    if (text === null) throw new Unreadable(column, 'the time is missing');
    const time = this.times.read(text);
    if (!time.ok) throw new Unreadable(column, time.reason);
    return time;
  }

  private optionalTime(row: CsvRow, column: string | null): number | null {
    return column === null || this.value(row, column) === null ? null : this.time(row, column).millis;
  }

  private sequence(row: CsvRow): number | null {
    const { sequence } = this.mapping.ticket;
    const text = this.optional(row, sequence);
    if (text === null) return null;
    if (!/^-?\d{1,15}$/.test(text)) throw new Unreadable(sequence, `"${text.slice(0, 40)}" is not a whole number`);
    return Number(text);
  }

  private priority(row: CsvRow): Priority | null {
    const { priority } = this.mapping;
    const text = this.optional(row, priority?.column ?? null);
    if (priority === null || text === null) return null;
    const known = priority.values.get(text) ?? null;
    if (known === null && priority.unknown === 'reject') {
      throw new Unreadable(priority.column, `the priority "${text.slice(0, 40)}" is not in the mapping`);
    }
    return known;
  }

  private clientName(row: CsvRow): string | null {
    const from = this.mapping.client?.from;
    if (from === undefined) return null;
    return from.kind === 'constant' ? from.name : this.value(row, from.column);
  }

  private joined(row: CsvRow, columns: readonly string[]): string | null {
    const present = columns.map((column) => this.value(row, column)).filter((text) => text !== null);
    return present.length === 0 ? null : present.join(', ');
  }
}
