import { MAX_HELD_ROWS, MAX_REMEMBERED_TICKETS, MAX_ROWS_PER_TICKET } from '../limits.js';
import { type BrokenRow, type HistoryRow, isBroken } from './rows.js';

/** Rows of one ticket that are handed on together. */
export interface TicketGroup {
  readonly ticket: string;
  readonly rows: readonly HistoryRow[];
  readonly broken: readonly BrokenRow[];
  /** True where rows of this ticket were handed on before: what the file says of it is scattered. */
  readonly again: boolean;
}

interface Held {
  readonly rows: HistoryRow[];
  readonly broken: BrokenRow[];
}

/**
 * Gathers the rows of each ticket, in bounded memory. Where the rows of a ticket are adjacent (a log sorted by ticket) it is handed on as soon
 * as the next one begins. The first ticket that comes back shows that they are not (a log sorted by time): from then on rows are held, and
 * the tickets that were longest without a new row are handed on when {@link MAX_HELD_ROWS} are reached.
 */
export class TicketGroups {
  private readonly held = new Map<string, Held>();
  private readonly handedOn = new Set<string>();
  private heldRows = 0;
  private scattered = false;

  /** Takes a row; answers the groups that are complete, as far as can be told. */
  add(ticket: string, row: HistoryRow | BrokenRow): readonly TicketGroup[] {
    const done: TicketGroup[] = [];
    if (!this.held.has(ticket) && this.handedOn.has(ticket)) this.scattered = true;
    if (!this.scattered && !this.held.has(ticket)) done.push(...this.finish());
    const group = this.held.get(ticket) ?? { rows: [], broken: [] };
    if (isBroken(row)) group.broken.push(row);
    else group.rows.push(row);
    // Set again at the end: the map is in the order of the latest row.
    this.held.delete(ticket);
    this.held.set(ticket, group);
    this.heldRows++;
    if (group.rows.length + group.broken.length >= MAX_ROWS_PER_TICKET) done.push(this.handOn(ticket, group));
    if (this.heldRows > MAX_HELD_ROWS) done.push(...this.handOnOldest());
    return done;
  }

  /** The groups that are still held. */
  finish(): readonly TicketGroup[] {
    return [...this.held].map(([ticket, group]) => this.handOn(ticket, group));
  }

  private handOnOldest(): readonly TicketGroup[] {
    const done: TicketGroup[] = [];
    for (const [ticket, group] of this.held) {
      if (this.heldRows <= MAX_HELD_ROWS / 2) break;
      done.push(this.handOn(ticket, group));
    }
    return done;
  }

  private handOn(ticket: string, { rows, broken }: Held): TicketGroup {
    this.held.delete(ticket);
    this.heldRows -= rows.length + broken.length;
    const again = this.handedOn.has(ticket);
    if (!again) {
      if (this.handedOn.size >= MAX_REMEMBERED_TICKETS) {
        const [oldest] = this.handedOn;
        if (oldest !== undefined) this.handedOn.delete(oldest);
      }
      this.handedOn.add(ticket);
    }
    return { ticket, rows, broken, again };
  }
}
