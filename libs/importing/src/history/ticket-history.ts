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

/**
 * Rows of one ticket in the order in which they were written. The order of the file holds where time (with the sequence column for rows
 * of one minute) or the sequence column confirms it: in a real log each of the two is wrong now and then, and the file then agrees with
 * the other. Where neither confirms it (newest first, shuffled) rows are taken by time, then sequence, then line.
 */
export function inOrder(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  const byTime = (a: HistoryRow, b: HistoryRow): number => a.at - b.at || (a.sequence ?? 0) - (b.sequence ?? 0);
  const confirmedByTime = rows.every((row, index) => index === 0 || byTime(rows[index - 1] ?? row, row) <= 0);
  if (confirmedByTime || confirmedBySequence(rows)) return rows;
  return [...rows].sort((a, b) => byTime(a, b) || a.line - b.line);
}

function confirmedBySequence(rows: readonly HistoryRow[]): boolean {
  const numbers = rows.map(({ sequence }) => sequence ?? Number.NaN);
  const rises = numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? Number.NaN));
  return rises && (numbers.at(-1) ?? 0) > (numbers[0] ?? 0);
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
 * The history of one ticket from all its rows, from its request on. Pure.
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
