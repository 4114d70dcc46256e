import { epochMillis, type Instant, type Refusal, type TimeZone } from '@billtrail/kernel';
import { TimeReader } from '../csv/local-time.js';
import { type InputCode, refuseInput } from '../input-refused.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import type { HistoryRow } from './rows.js';

/** When an event of an earlier run happened, and the zone in which that run read the times. */
export interface ImportedMoment {
  readonly occurredAt: Instant;
  readonly zone: TimeZone;
}

/**
 * Finds rows that an earlier run read in another zone: the same wall clock would stand in the log at two times. Another zone alone is no
 * fault (two people may export two parts), and neither are later rows. The evidence is that the rows, read in the zone of the earlier run,
 * fall on more of the times in the log than they do in the stated one.
 */
export class ZoneCheck {
  private readonly readers = new Map<TimeZone, TimeReader>();
  private readonly updatedAt: number;

  constructor(
    private readonly mapping: TicketHistoryMapping,
    header: readonly string[],
    private readonly zone: TimeZone,
    private readonly file: string,
  ) {
    this.updatedAt = header.indexOf(mapping.ticket.updatedAt);
  }

  /** A refusal `TimeZoneDiffers`, or null. `imported`: what earlier runs put into the stream of the rows' ticket. */
  check(rows: readonly HistoryRow[], imported: readonly ImportedMoment[]): Refusal<InputCode> | null {
    const [first] = rows;
    const others = [...new Set(imported.map(({ zone }) => zone))].filter((zone) => zone !== this.zone);
    if (first === undefined || others.length === 0) return null;
    const here = hits(
      rows.map(({ at }) => at),
      imported,
    );
    for (const zone of others) {
      const there = hits(
        rows.map((row) => this.timeIn(zone, row)),
        imported.filter((moment) => moment.zone === zone),
      );
      if (there > here) return this.refusalOf(first, zone, there, here);
    }
    return null;
  }

  private timeIn(zone: TimeZone, row: HistoryRow): number | null {
    const { format, ambiguous, nonexistent } = this.mapping.times;
    const reader = this.readers.get(zone) ?? new TimeReader({ format, ambiguous, nonexistent, zone });
    this.readers.set(zone, reader);
    const time = reader.read(row.fields[this.updatedAt] ?? '');
    return time.ok ? time.millis : null;
  }

  private refusalOf({ ticket, line }: HistoryRow, before: TimeZone, there: number, here: number): Refusal<InputCode> {
    return refuseInput(
      'TimeZoneDiffers',
      { file: this.file, line, column: this.mapping.ticket.updatedAt },
      `ticket ${ticket} was imported before with its times in ${before}: read so, ${there} of its rows fall on times in the log, in ${this.zone} ${here}`,
      `Run it again with --time-zone ${before}. If ${before} was wrong, import everything into a new store: times in the log do not move`,
      { ticket, before, stated: this.zone },
    );
  }
}

function hits(times: readonly (number | null)[], imported: readonly ImportedMoment[]): number {
  const known = new Set<number | null>(imported.map(({ occurredAt }) => epochMillis(occurredAt)));
  return times.filter((time) => known.has(time)).length;
}
