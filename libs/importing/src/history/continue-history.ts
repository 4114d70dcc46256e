import { isDeepStrictEqual } from 'node:util';
import { epochMillis } from '@billtrail/kernel';
import { NOT_REQUESTED, type TicketEvent, type TicketState } from '@billtrail/ticketing';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { applyRow, evolved, importNote, notesOf, stageOfRow } from './apply-row.js';
import { idFromName } from './ids.js';
import type { HistoryRow } from './rows.js';
import { inOrder, repeatedRows, type RowOutcome, type TicketHistory, ticketHistory } from './ticket-history.js';

/** An event of the ticket's stream, and whether this import (an earlier run of it) put it there. */
export interface StoredTicketEvent {
  readonly event: TicketEvent;
  readonly imported: boolean;
}

export interface Continuation {
  /** What the rows amount to, the part that the log holds already included where it can be told. */
  readonly history: TicketHistory;
  /** The events that are new. */
  readonly added: readonly TicketEvent[];
}

/**
 * What rows add to a ticket that has a history already. Pure. Two cases:
 *
 * 1. The rows tell the whole story again, perhaps with more at its end (the export has grown): what was imported is the beginning of what they
 *    say. The rest is added.
 * 2. The rows are a part (an export of the last days; rows of one ticket scattered over a long file). A row after the last imported event is
 *    applied to the ticket as it stands. An older row asserts how the ticket stood at its time: where the log agrees nothing is added, where it
 *    does not the row is kept as a note, because a stage is never moved back by a latecomer.
 *
 * A ticket that was opened in Billtrail by hand under the same id is such a case too: the rows go on from where it stands.
 *
 * The limit of case 2: two moves within one minute that arrive in two exports, the second back to where the ticket was before, look alike.
 */
export function continueHistory(
  rows: readonly HistoryRow[],
  stored: readonly StoredTicketEvent[],
  mapping: TicketHistoryMapping,
): Continuation {
  const whole = ticketHistory(rows, mapping);
  if (stored.length === 0) return { history: whole, added: whole.events };
  const imported = stored.filter((entry) => entry.imported).map((entry) => entry.event);
  const tellsItAll = imported.length > 0 && whole.events.length >= imported.length;
  if (tellsItAll && imported.every((event, index) => isSameFact(event, whole.events[index]))) {
    return { history: whole, added: whole.events.slice(imported.length) };
  }
  const history = applyPart(rows, stored, mapping);
  return { history, added: history.events };
}

function isSameFact(a: TicketEvent, b: TicketEvent | undefined): boolean {
  return (
    b !== undefined &&
    a.type === b.type &&
    epochMillis(a.occurredAt) === epochMillis(b.occurredAt) &&
    // As JSON, because that is how one of them was stored.
    isDeepStrictEqual(told(a), JSON.parse(JSON.stringify(told(b))))
  );
}

/** What the history says: which words of the configuration its texts named then is not of it. */
function told({ data }: TicketEvent): object {
  const { materialWords: _, ...rest } = data as { readonly materialWords?: readonly string[] };
  return rest;
}

interface Standing {
  readonly at: number;
  readonly state: TicketState;
}

function applyPart(
  rows: readonly HistoryRow[],
  stored: readonly StoredTicketEvent[],
  mapping: TicketHistoryMapping,
): TicketHistory {
  const standings = standingsOf(stored.map(({ event }) => event));
  const lastImported = Math.max(...stored.filter(({ imported }) => imported).map(({ event }) => movedAt(event)));
  const ordered = inOrder(rows);
  const repeated = repeatedRows(ordered);
  let state = evolved(
    NOT_REQUESTED,
    stored.map(({ event }) => event),
  );
  const events: TicketEvent[] = [];
  const outcomes: RowOutcome[] = [];
  for (const row of ordered) {
    if (repeated.has(row)) {
      outcomes.push({ row, fate: 'duplicate' });
      continue;
    }
    const agreed = row.at <= lastImported && agreesWithLog(row, standings);
    const unknownNotes = missingNotes(row, agreed, state, mapping);
    if (row.at <= lastImported && agreed && unknownNotes.length === 0) {
      outcomes.push({ row, fate: 'already-imported' });
    } else if (row.at >= lastImported) {
      const applied = applyRow(state, row, mapping);
      state = applied.state;
      events.push(...applied.events);
      outcomes.push({ row, fate: applied.fate });
    } else {
      state = evolved(state, unknownNotes);
      events.push(...unknownNotes);
      outcomes.push({ row, fate: unknownNotes.length === 0 ? 'already-imported' : 'late' });
    }
  }
  return { events, outcomes };
}

/** A request may be stated for later than the first update; it is the beginning all the same. */
function movedAt(event: TicketEvent): number {
  return event.type === 'TicketRequested' ? -Infinity : epochMillis(event.occurredAt);
}

/** Told about a ticket and no move of it: a late one stands behind events that happened after it. */
const NO_MOVES: ReadonlySet<TicketEvent['type']> = new Set([
  'NoteAdded',
  'SlaWarned',
  'SlaBreached',
  'SlaBreachWithdrawn',
]);

/** How the ticket stood after each event that may have moved it. */
function standingsOf(events: readonly TicketEvent[]): readonly Standing[] {
  let state: TicketState = NOT_REQUESTED;
  return events.flatMap((event) => {
    state = evolved(state, [event]);
    return NO_MOVES.has(event.type) ? [] : [{ at: movedAt(event), state }];
  });
}

function agreesWithLog(row: HistoryRow, standings: readonly Standing[]): boolean {
  if (row.stage === null) return true;
  const before = standings.filter(({ at }) => at < row.at).slice(-1);
  const during = standings.filter(({ at }) => at === row.at);
  return [...before, ...during].some(({ state }) => agrees(row, state));
}

/** Notes that the row should have left and that the ticket does not have. */
function missingNotes(
  row: HistoryRow,
  agreed: boolean,
  state: TicketState,
  mapping: TicketHistoryMapping,
): readonly TicketEvent[] {
  const wanted = [...(agreed ? [] : [lateNote(row, mapping)]), ...notesOf(row, mapping)];
  return wanted.filter((note) => !hasNote(state, note));
}

function agrees(row: HistoryRow, state: TicketState): boolean {
  if (state.stage === 'not-requested') return false;
  const { record } = state;
  return (
    state.stage === stageOfRow(row) &&
    record.engineerId === (row.engineer === null ? null : idFromName(row.engineer)) &&
    record.team === row.team &&
    (row.priority === null || record.classification.priority === row.priority)
  );
}

function lateNote(row: HistoryRow, mapping: TicketHistoryMapping): TicketEvent {
  const { source } = mapping;
  const who = row.engineer === null ? 'nobody assigned' : `assigned to ${row.engineer}`;
  const text = `A late row of ${source}: state "${row.state}", ${who}. The history had gone on when it came, so the stage was left as it was.`;
  return importNote(row, 'late', mapping, text);
}

function hasNote(state: TicketState, note: TicketEvent): boolean {
  return state.stage !== 'not-requested' && note.type === 'NoteAdded' && state.record.notes.has(note.data.noteId);
}
