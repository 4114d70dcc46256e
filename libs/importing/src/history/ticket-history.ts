import { NOT_REQUESTED, type TicketEvent } from '@billtrail/ticketing';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { applyRow, type RowFate } from './apply-row.js';
import type { HistoryRow } from './rows.js';

export interface RowOutcome {
  readonly row: HistoryRow;
  readonly fate: RowFate;
}

export interface TicketHistory {
  /** In the order of the rows. */
  readonly events: readonly TicketEvent[];
  /** One for each row, in the same order. */
  readonly outcomes: readonly RowOutcome[];
}

/** By time, then by the sequence column, then by the line: rows of one ticket in the order in which they were written. */
export function inOrder(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  return [...rows].sort((a, b) => a.at - b.at || (a.sequence ?? 0) - (b.sequence ?? 0) || a.line - b.line);
}

/** Which rows say word for word what another row before them says. */
export function repeatedRows(rows: readonly HistoryRow[]): ReadonlySet<HistoryRow> {
  const repeated = new Set<HistoryRow>();
  // Only rows of one minute can be the same: most rows are never compared.
  const byTime = new Map<number, HistoryRow[]>();
  for (const row of rows) {
    const others = byTime.get(row.at);
    if (others === undefined) byTime.set(row.at, [row]);
    else if (others.some((other) => sameFields(other, row))) repeated.add(row);
    else others.push(row);
  }
  return repeated;
}

function sameFields(a: HistoryRow, b: HistoryRow): boolean {
  return a.fields.length === b.fields.length && a.fields.every((field, index) => field === b.fields[index]);
}

/**
 * The history of one ticket from all its rows, from its request on. Pure: the same rows give the same events, in whatever order they come.
 * Moves that the lifecycle forbids are kept and marked (`irregular`).
 */
export function ticketHistory(rows: readonly HistoryRow[], mapping: TicketHistoryMapping): TicketHistory {
  const ordered = inOrder(rows);
  const repeated = repeatedRows(ordered);
  const events: TicketEvent[] = [];
  const outcomes: RowOutcome[] = [];
  let state: Parameters<typeof applyRow>[0] = NOT_REQUESTED;
  for (const row of ordered) {
    if (repeated.has(row)) {
      outcomes.push({ row, fate: 'duplicate' });
      continue;
    }
    const applied = applyRow(state, row, mapping);
    state = applied.state;
    events.push(...applied.events);
    outcomes.push({ row, fate: applied.fate });
  }
  return { events, outcomes };
}
