import { type Currency, Decimal, isDecimalString, type Minutes, Money } from '@billtrail/kernel';
import { type NeededColumn, openCsv } from '../csv/csv-reader.js';
import type { CsvRow } from '../csv/csv-row.js';
import { instantOf, TimeReader } from '../csv/local-time.js';
import { InputRefused, refuseInput } from '../input-refused.js';
import { MAX_AUDIT_ROWS, MAX_ID_CHARACTERS, MAX_TEXT_CHARACTERS } from '../limits.js';
import { comparable, type Flag, type LeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import type { AuditedLine, AuditedTicket, AuditedWork, ExportName, UnreadableRow } from './facts.js';

export interface ReadExport<Fact> {
  readonly file: string;
  readonly rows: number;
  readonly facts: readonly Fact[];
  readonly unreadable: readonly UnreadableRow[];
  /** Hours that were no whole minutes and were rounded to the nearest. */
  readonly roundedHours: number;
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

/** One row of an export, its cells by column name. */
class Cells {
  constructor(
    private readonly row: CsvRow,
    private readonly indexes: ReadonlyMap<string, number>,
    private readonly mapping: LeakageAuditMapping,
    private readonly times: TimeReader,
    private readonly onRounded: () => void,
  ) {}

  get line(): number {
    return this.row.line;
  }

  text(column: string | null): string | null {
    if (column === null) return null;
    const text = (this.row.fields[this.indexes.get(column) ?? -1] ?? '').trim();
    if (this.mapping.file.nulls.has(text)) return null;
    if (text.length > MAX_TEXT_CHARACTERS)
      throw new Unreadable(column, `the text is longer than ${MAX_TEXT_CHARACTERS} characters`);
    return text;
  }

  id(column: string | null, required: string | null): string | null {
    const text = this.text(column);
    if (text === null && required !== null) throw new Unreadable(column, required);
    if (text !== null && text.length > MAX_ID_CHARACTERS)
      throw new Unreadable(column, `the id is longer than ${MAX_ID_CHARACTERS} characters`);
    return text;
  }

  flag(flag: Flag | null): string | null {
    if (flag === null) return null;
    // The plain cell: a null marker may well be one of the values that mean it.
    const text = (this.row.fields[this.indexes.get(flag.column) ?? -1] ?? '').trim();
    return flag.values.has(comparable(text)) ? text : null;
  }

  millis(column: string | null): number | null {
    const text = this.text(column);
    if (text === null) return null;
    const time = this.times.read(text);
    if (!time.ok) throw new Unreadable(column, time.reason);
    return time.millis;
  }

  number(column: string | null): Decimal | null {
    const text = this.text(column);
    if (text === null) return null;
    const plain = plainNumber(text, this.mapping.decimalPoint);
    if (plain === null)
      throw new Unreadable(
        column,
        `"${text.slice(0, 40)}" is not a number with "${this.mapping.decimalPoint}" as its decimal point`,
      );
    return new Decimal(plain);
  }

  money(column: string | null): Money | null {
    const value = this.number(column);
    return value === null ? null : Money.of(value, this.mapping.currency);
  }

  /** Whole minutes, from minutes or from hours. Hours are rounded to the nearest minute. */
  minutes(minutesColumn: string | null, hoursColumn: string | null): Minutes | null {
    const minutes = this.number(minutesColumn);
    if (minutes !== null && !minutes.isInteger())
      throw new Unreadable(minutesColumn, `${minutes.toString()} are not whole minutes`);
    const exact = minutes ?? this.number(hoursColumn)?.times(60) ?? null;
    if (exact === null) return null;
    if (exact.abs().greaterThan(10_000_000))
      throw new Unreadable(minutesColumn ?? hoursColumn, 'that is more than 19 years');
    if (!exact.isInteger()) this.onRounded();
    return exact.toDecimalPlaces(0).toNumber();
  }
}

/** `1,234.50`, `1 234.50` and `$1,234.50` as `1234.50`; null for what is no number. */
function plainNumber(text: string, decimalPoint: '.' | ','): string | null {
  const thousands = decimalPoint === '.' ? ',' : '.';
  const bare = text.replace(/^(-?)\s*[$€£]\s*/u, '$1').replace(/[\s\u00a0']/gu, '');
  const grouped = new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})+(\\${decimalPoint}\\d+)?$`);
  const ungrouped = grouped.test(bare) ? bare.replaceAll(thousands, '') : bare;
  const plain = ungrouped.replace(decimalPoint, '.');
  return !ungrouped.includes(thousands) && isDecimalString(plain) ? plain : null;
}

async function readExport<Fact>(
  name: ExportName,
  file: string,
  mapping: LeakageAuditMapping,
  timeZone: string,
  read: (cells: Cells) => Fact,
): Promise<ReadExport<Fact>> {
  const needed: readonly NeededColumn[] = mapping.needed[name];
  const table = await openCsv(file, mapping.file, needed);
  const indexes = new Map(table.header.map((column, index) => [column, index]));
  const { format, ambiguous, nonexistent } = mapping.times;
  const times = new TimeReader({ format, ambiguous, nonexistent, zone: timeZone });
  const facts: Fact[] = [];
  const unreadable: UnreadableRow[] = [];
  let rows = 0;
  let roundedHours = 0;
  for await (const batch of table.rows()) {
    for (const row of batch) {
      if (++rows > MAX_AUDIT_ROWS) {
        throw new InputRefused(
          refuseInput(
            'RowsTooMany',
            { file, line: row.line },
            `an audit takes at most ${MAX_AUDIT_ROWS} rows of an export`,
            'Export a shorter time, a month or a year, and audit that',
          ),
        );
      }
      try {
        if (row.fields.length !== table.header.length)
          throw new Unreadable(null, `the row has ${row.fields.length} fields, the header ${table.header.length}`);
        facts.push(read(new Cells(row, indexes, mapping, times, () => roundedHours++)));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        unreadable.push({ export: name, line: row.line, column: error.column, reason: error.message });
      }
    }
  }
  return { file, rows, facts, unreadable, roundedHours };
}

/** Tickets, one fact each: of a log with a row per update, the latest row tells how the ticket stands. */
export async function readTickets(
  file: string,
  mapping: LeakageAuditMapping,
  timeZone: string,
): Promise<ReadExport<AuditedTicket>> {
  const { tickets } = mapping;
  const read = await readExport('tickets', file, mapping, timeZone, (cells) => {
    const state = cells.text(tickets.state) ?? '';
    const resolved = tickets.resolved.has(comparable(state));
    const updatedAt = tickets.updatedAt === null ? null : cells.millis(tickets.updatedAt);
    if (tickets.updatedAt !== null && updatedAt === null)
      throw new Unreadable(tickets.updatedAt, 'the time is missing');
    const resolvedAt = cells.millis(tickets.resolvedAt);
    return {
      updatedAt,
      sequence: cells.number(tickets.sequence)?.toNumber() ?? 0,
      ticket: {
        line: cells.line,
        ticketId: cells.id(tickets.id, 'the ticket id is missing') ?? '',
        client: cells.text(tickets.client),
        state,
        resolved,
        resolvedAt: resolved && resolvedAt !== null ? instantOf(resolvedAt) : null,
        text: tickets.texts.map((column) => cells.text(column) ?? '').join('\n'),
        noCharge: cells.flag(tickets.noCharge),
      },
    };
  });
  const latest = new Map<string, (typeof read.facts)[number]>();
  const repeated: UnreadableRow[] = [];
  for (const row of read.facts) {
    const { ticketId, line } = row.ticket;
    const before = latest.get(ticketId);
    if (before === undefined) latest.set(ticketId, row);
    else if (tickets.updatedAt === null) {
      repeated.push({
        export: 'tickets',
        line,
        column: tickets.id,
        reason: `the ticket stands on line ${before.ticket.line} already`,
      });
    } else if (((row.updatedAt ?? 0) - (before.updatedAt ?? 0) || row.sequence - before.sequence) >= 0)
      latest.set(ticketId, row);
  }
  return {
    ...read,
    facts: [...latest.values()].map(({ ticket }) => ticket),
    unreadable: [...read.unreadable, ...repeated],
  };
}

export function readWork(
  file: string,
  mapping: LeakageAuditMapping,
  timeZone: string,
): Promise<ReadExport<AuditedWork>> {
  const { work } = mapping;
  if (work === null) throw sectionMissing(file, 'work');
  return readExport('work', file, mapping, timeZone, (cells) => {
    const kind = readKind(cells, work.kind);
    const minutes = cells.minutes(work.minutes, work.hours);
    if (minutes !== null && minutes < 0)
      throw new Unreadable(work.minutes ?? work.hours, 'worked minutes are negative');
    const stated = cells.money(work.amount);
    const pricePerHour =
      kind === 'time'
        ? (cells.money(work.pricePerHour) ?? assumedPrice(mapping.value.pricePerHour, mapping.currency))
        : null;
    if (kind === 'time' && minutes === null && stated === null)
      throw new Unreadable(work.minutes ?? work.hours, 'the row says neither how long it took nor what it is worth');
    const date = cells.millis(work.date);
    return {
      line: cells.line,
      workId: cells.id(work.id, null),
      ticketId: cells.id(work.ticket, null),
      kind,
      minutes: kind === 'time' ? minutes : null,
      pricePerHour,
      amount: stated?.rounded() ?? (minutes !== null && pricePerHour !== null ? priceOf(minutes, pricePerHour) : null),
      date: date === null ? null : instantOf(date),
      description: cells.text(work.description) ?? '',
      covered: cells.flag(work.covered),
      unapproved: cells.flag(work.unapproved) !== null,
    };
  });
}

function readKind(cells: Cells, kind: NonNullable<LeakageAuditMapping['work']>['kind']): AuditedWork['kind'] {
  if (kind === null) return 'time';
  const text = cells.text(kind.column) ?? '';
  const known = kind.values.get(text);
  if (known === undefined) throw new Unreadable(kind.column, `the kind "${text.slice(0, 40)}" is not in the mapping`);
  return known;
}

function assumedPrice(pricePerHour: string | null, currency: Currency): Money | null {
  return pricePerHour === null ? null : Money.of(pricePerHour, currency);
}

/** Minutes at a price per hour, rounded once. */
export function priceOf(minutes: Minutes, pricePerHour: Money): Money {
  return pricePerHour.times(new Decimal(minutes).div(60)).rounded();
}

/** Invoice lines that bill something; `ignored` counts the others (drafts, voided). */
export async function readInvoiceLines(
  file: string,
  mapping: LeakageAuditMapping,
  timeZone: string,
): Promise<ReadExport<AuditedLine> & { readonly ignored: number }> {
  const { invoices } = mapping;
  if (invoices === null) throw sectionMissing(file, 'invoices');
  let ignored = 0;
  const read = await readExport('invoices', file, mapping, timeZone, (cells): AuditedLine | null => {
    if (cells.flag(invoices.ignored) !== null) {
      ignored++;
      return null;
    }
    return {
      line: cells.line,
      invoice: cells.id(invoices.invoice, 'the invoice number is missing') ?? '',
      ticketReference: cells.text(invoices.ticket),
      workReference: cells.id(invoices.work, null),
      minutes: cells.minutes(invoices.minutes, invoices.hours),
      amount: cells.money(invoices.amount),
      description: cells.text(invoices.description) ?? '',
    };
  });
  return { ...read, facts: read.facts.filter((line) => line !== null), ignored };
}

function sectionMissing(file: string, section: string): InputRefused {
  return new InputRefused(
    refuseInput(
      'MappingInvalid',
      { file },
      `the mapping has no section \`${section}\``,
      `Add \`${section}:\` to the mapping, so that this export can be read, or leave the export out`,
    ),
  );
}
