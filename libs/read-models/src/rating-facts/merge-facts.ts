import type { Also } from '../database/list.js';
import type { ReadDatabase } from '../database/read-database.js';
import type { FactsMemory } from './memory.js';
import { CROSSED_MERGES, MERGES, type MergeRow } from './tables.js';

/** In SQL, the tickets that are accounted for by this one: itself, and all that were merged into it. `ticket`: an expression. */
export function accountedForBy(ticket: string): string {
  return `(SELECT ${ticket} UNION ALL SELECT mt.ticket_id FROM merged_tickets mt WHERE mt.root = ${ticket})`;
}

/** The condition of a list that is asked for one ticket. */
export function ofTicketOrMerged(ticketId: string | undefined): Also | undefined {
  if (ticketId === undefined) return undefined;
  return { sql: `ticket_id IN ${accountedForBy('?')}`, parameters: [ticketId, ticketId] };
}

const NONE: ReadonlyMap<string, MergeRow> = new Map();

/** A merge or a split as its event says it. */
interface Told {
  readonly ticketId: string;
  readonly position: number;
  readonly eventId: string;
}

/**
 * Which tickets are one. A merged ticket has a parent, the ticket that it was merged into, and a root: the one at the end of the chain, as whose work its
 * work is rated. Of two merges that would close a circle the later has no effect; a policy takes it back.
 */
export class MergeFacts {
  private readonly row;
  private readonly membersOf;
  private readonly treesOfTickets;
  private readonly childrenOf;
  private readonly put;
  private readonly remove;
  private readonly setRoot;
  private readonly putCrossed;
  private readonly removeCrossed;
  private readonly isAny;

  constructor(
    database: ReadDatabase,
    private readonly memory: FactsMemory,
  ) {
    this.row = database.rows(MERGES, 'WHERE ticket_id = ?');
    this.membersOf = database.rows(MERGES, 'WHERE root = ? ORDER BY ticket_id');
    this.treesOfTickets = database.rows(
      MERGES,
      `WHERE root IN (
         SELECT root FROM merged_tickets WHERE ticket_id IN (SELECT value FROM json_each(?))
         UNION ALL SELECT value FROM json_each(?)
       ) ORDER BY ticket_id`,
    );
    this.childrenOf = database
      .statement<[string], string>('SELECT ticket_id FROM merged_tickets WHERE parent = ? ORDER BY ticket_id')
      .pluck();
    this.put = database.insert(MERGES);
    this.remove = database.statement('DELETE FROM merged_tickets WHERE ticket_id = ?');
    this.setRoot = database.statement('UPDATE merged_tickets SET root = ? WHERE ticket_id = ?');
    this.putCrossed = database.insert(CROSSED_MERGES);
    this.removeCrossed = database.statement('DELETE FROM crossed_merges WHERE ticket_id = ?');
    this.isAny = database.statement<[], number>('SELECT EXISTS (SELECT 1 FROM merged_tickets)').pluck();
  }

  /** True where any ticket is merged: while none is, nothing is asked. */
  any(): boolean {
    this.memory.hasMerges ??= this.isAny.get() === 1;
    return this.memory.hasMerges;
  }

  /** null: the ticket stands for itself. */
  of(ticketId: string): MergeRow | null {
    return this.any() ? (this.row.get(ticketId) ?? null) : null;
  }

  /** The ticket as whose work that of this one is rated: mostly itself. */
  rootOf(ticketId: string): string {
    return this.of(ticketId)?.root ?? ticketId;
  }

  /** The merges of all tickets that were merged into this one, also by way of others. */
  into(root: string): readonly MergeRow[] {
    return this.any() ? this.membersOf.all(root) : [];
  }

  /** All merges among the tickets that are one with any of these, by ticket. */
  among(ticketIds: Iterable<string>): ReadonlyMap<string, MergeRow> {
    if (!this.any()) return NONE;
    const tickets = JSON.stringify([...ticketIds]);
    const rows = this.treesOfTickets.all(tickets, tickets);
    return new Map(rows.map((row) => [row.ticketId, row]));
  }

  /** The tickets that are one with this one, itself among them. */
  treeOf(ticketId: string): readonly string[] {
    const root = this.rootOf(ticketId);
    return [root, ...this.into(root).map((one) => one.ticketId)];
  }

  /** False where it has no effect. */
  merged({ ticketId, position, eventId }: Told, parent: string): boolean {
    const root = this.rootOf(parent);
    if (this.of(ticketId) !== null) return false;
    if (root === ticketId) {
      this.putCrossed({ ticketId, eventId });
      return false;
    }
    const members = this.into(ticketId);
    this.put({ ticketId, parent, root, position });
    for (const member of members) this.setRoot.run(root, member.ticketId);
    this.memory.hasMerges = true;
    return true;
  }

  /** False where there was nothing to take back. */
  split(ticketId: string): boolean {
    if (this.removeCrossed.run(ticketId).changes > 0 || this.of(ticketId) === null) return false;
    this.remove.run(ticketId);
    this.rooted(ticketId, ticketId);
    this.memory.hasMerges = null;
    return true;
  }

  private rooted(ticketId: string, root: string): void {
    for (const child of this.childrenOf.all(ticketId)) {
      this.setRoot.run(root, child);
      this.rooted(child, root);
    }
  }
}
