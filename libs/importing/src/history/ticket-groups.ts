import { detached } from '../csv/csv-text.js';
import { LOOK_AHEAD_ROWS, MAX_REMEMBERED_TICKETS, MAX_ROWS_PER_TICKET } from '../limits.js';
import { type BrokenRow, type HistoryRow, isBroken } from './rows.js';
import type { SpilledRows } from './spilled-rows.js';

/** Rows of one ticket that are imported together. */
export interface TicketGroup {
  readonly ticket: string;
  readonly rows: readonly HistoryRow[];
  readonly broken: readonly BrokenRow[];
  /** True if rows of this ticket were released before. */
  readonly again: boolean;
}

interface Gathered {
  readonly rows: HistoryRow[];
  readonly broken: BrokenRow[];
}

/**
 * Gathers the rows of each ticket, in memory that does not grow with the file. Most logs are sorted by ticket: a ticket is complete when the
 * next one begins. Nothing is released before {@link LOOK_AHEAD_ROWS} rows have shown this. If a ticket comes back, the log is sorted
 * differently (by time, newest first): then the rows go to files on the disk, divided by ticket, and are gathered from there at the end.
 */
export class TicketGroups {
  private gathered = new Map<string, Gathered>();
  private gatheredRows = 0;
  private current: string | null = null;
  private mode: 'looking' | 'adjacent' | 'scattered' = 'looking';
  private readonly released = new Set<string>();

  constructor(private readonly spilled: SpilledRows) {}

  get isScattered(): boolean {
    return this.mode === 'scattered';
  }

  /** Takes a row; returns the groups that are complete. */
  add(ticket: string, row: HistoryRow | BrokenRow): readonly TicketGroup[] {
    if (
      this.mode !== 'scattered' &&
      ticket !== this.current &&
      (this.gathered.has(ticket) || this.released.has(ticket))
    ) {
      this.scatter();
    }
    if (this.mode === 'scattered') {
      this.spilled.add(ticket, row);
      return [];
    }
    const done = this.mode === 'adjacent' && ticket !== this.current ? this.releaseAll() : [];
    this.current = ticket;
    gather(this.gathered, ticket, row);
    this.gatheredRows++;
    if (this.mode === 'looking' && this.gatheredRows >= LOOK_AHEAD_ROWS) this.mode = 'adjacent';
    const group = this.gathered.get(ticket);
    const isFull = group !== undefined && group.rows.length + group.broken.length >= MAX_ROWS_PER_TICKET;
    return isFull ? [...done, ...this.releaseAll()] : done;
  }

  /** The groups that are left. */
  async *finish(): AsyncGenerator<TicketGroup> {
    yield* this.releaseAll();
    for await (const partition of this.spilled.partitions()) {
      const gathered = new Map<string, Gathered>();
      for await (const { ticket, row } of partition) {
        const group = gather(gathered, ticket, row);
        if (group.rows.length + group.broken.length < MAX_ROWS_PER_TICKET) continue;
        gathered.delete(ticket);
        yield this.release(ticket, group);
      }
      for (const [ticket, group] of gathered) yield this.release(ticket, group);
    }
  }

  private scatter(): void {
    this.mode = 'scattered';
    for (const [ticket, { rows, broken }] of this.gathered) {
      for (const row of [...rows, ...broken].sort((a, b) => a.line - b.line)) this.spilled.add(ticket, row);
    }
    this.gathered = new Map();
    this.gatheredRows = 0;
  }

  private releaseAll(): readonly TicketGroup[] {
    const done = [...this.gathered].map(([ticket, group]) => this.release(ticket, group));
    this.gathered = new Map();
    this.gatheredRows = 0;
    return done;
  }

  private release(ticket: string, { rows, broken }: Gathered): TicketGroup {
    const again = this.released.has(ticket);
    if (!again) {
      const [oldest] = this.released;
      if (this.released.size >= MAX_REMEMBERED_TICKETS && oldest !== undefined) this.released.delete(oldest);
      this.released.add(detached(ticket));
    }
    return { ticket, rows, broken, again };
  }
}

function gather(groups: Map<string, Gathered>, ticket: string, row: HistoryRow | BrokenRow): Gathered {
  let group = groups.get(ticket);
  if (group === undefined) groups.set(ticket, (group = { rows: [], broken: [] }));
  if (isBroken(row)) group.broken.push(row);
  else group.rows.push(row);
  return group;
}
