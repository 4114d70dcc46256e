import { detached } from '../csv/csv-text.js';
import { LOOK_AHEAD_ROWS, MAX_REMEMBERED_TICKETS, MAX_ROWS_PER_TICKET } from '../limits.js';
import { type BrokenRow, type HistoryRow, isBroken } from './rows.js';
import type { SpilledRows } from './spilled-rows.js';

/** Rows of one ticket that are handed on together. */
export interface TicketGroup {
  readonly ticket: string;
  readonly rows: readonly HistoryRow[];
  readonly broken: readonly BrokenRow[];
  /** True where rows of this ticket were handed on before. */
  readonly again: boolean;
}

interface Held {
  readonly rows: HistoryRow[];
  readonly broken: BrokenRow[];
}

/**
 * Gathers the rows of each ticket, in memory that does not grow with the file. Most logs are sorted by ticket: a ticket is complete when the
 * next one begins. Nothing is handed on before {@link LOOK_AHEAD_ROWS} rows have shown this. Where a ticket comes back, the log is sorted
 * otherwise (by time, newest first): then the rows go to files on the disk, divided by ticket, and are gathered from there at the end.
 */
export class TicketGroups {
  private held = new Map<string, Held>();
  private heldRows = 0;
  private current: string | null = null;
  private mode: 'looking' | 'adjacent' | 'scattered' = 'looking';
  private readonly handedOn = new Set<string>();

  constructor(private readonly spilled: SpilledRows) {}

  get isScattered(): boolean {
    return this.mode === 'scattered';
  }

  /** Takes a row; answers the groups that are complete. */
  add(ticket: string, row: HistoryRow | BrokenRow): readonly TicketGroup[] {
    if (this.mode !== 'scattered' && ticket !== this.current && (this.held.has(ticket) || this.handedOn.has(ticket))) {
      this.scatter();
    }
    if (this.mode === 'scattered') {
      this.spilled.add(ticket, row);
      return [];
    }
    const done = this.mode === 'adjacent' && ticket !== this.current ? this.handOnAll() : [];
    this.current = ticket;
    hold(this.held, ticket, row);
    this.heldRows++;
    if (this.mode === 'looking' && this.heldRows >= LOOK_AHEAD_ROWS) this.mode = 'adjacent';
    const group = this.held.get(ticket);
    const isFull = group !== undefined && group.rows.length + group.broken.length >= MAX_ROWS_PER_TICKET;
    return isFull ? [...done, ...this.handOnAll()] : done;
  }

  /** The groups that are left. */
  async *finish(): AsyncGenerator<TicketGroup> {
    yield* this.handOnAll();
    for await (const partition of this.spilled.partitions()) {
      const gathered = new Map<string, Held>();
      for await (const { ticket, row } of partition) {
        const group = hold(gathered, ticket, row);
        if (group.rows.length + group.broken.length < MAX_ROWS_PER_TICKET) continue;
        gathered.delete(ticket);
        yield this.handOn(ticket, group);
      }
      for (const [ticket, group] of gathered) yield this.handOn(ticket, group);
    }
  }

  private scatter(): void {
    this.mode = 'scattered';
    for (const [ticket, { rows, broken }] of this.held) {
      for (const row of [...rows, ...broken].sort((a, b) => a.line - b.line)) this.spilled.add(ticket, row);
    }
    this.held = new Map();
    this.heldRows = 0;
  }

  private handOnAll(): readonly TicketGroup[] {
    const done = [...this.held].map(([ticket, group]) => this.handOn(ticket, group));
    this.held = new Map();
    this.heldRows = 0;
    return done;
  }

  private handOn(ticket: string, { rows, broken }: Held): TicketGroup {
    const again = this.handedOn.has(ticket);
    if (!again) {
      const [oldest] = this.handedOn;
      if (this.handedOn.size >= MAX_REMEMBERED_TICKETS && oldest !== undefined) this.handedOn.delete(oldest);
      this.handedOn.add(detached(ticket));
    }
    return { ticket, rows, broken, again };
  }
}

function hold(groups: Map<string, Held>, ticket: string, row: HistoryRow | BrokenRow): Held {
  let group = groups.get(ticket);
  if (group === undefined) groups.set(ticket, (group = { rows: [], broken: [] }));
  if (isBroken(row)) group.broken.push(row);
  else group.rows.push(row);
  return group;
}
