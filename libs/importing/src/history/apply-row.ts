import type { Instant } from '@billtrail/kernel';
import {
  type Classification,
  isTransition,
  NOT_REQUESTED,
  recordMove,
  type Stage,
  type Ticket,
  ticketDecider,
  type TicketEvent,
  type TicketState,
} from '@billtrail/ticketing';
import { instantOf } from '../csv/local-time.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { digest, idFrom, idFromName } from './ids.js';
import type { HistoryRow } from './rows.js';

/**
 * What became of a row. Each row has exactly one fate:
 * - `moved`: it moved the ticket to another stage
 * - `changed-facts`: it changed who works on it, its priority, category, client, type or site, and no stage
 * - `noted`: it added a note and nothing else
 * - `nothing-new`: it says nothing that the ticket did not know
 * - `duplicate`: the same row stands in the file twice
 * - `unknown-state`: its state is not in the mapping; kept as a note that names the state
 * - `late`: older than the history that was already imported, and telling something else; kept as a note
 * - `already-imported`: an earlier run recorded what it says
 * - `rejected`: it can't be read
 * - `held-back`: it can be read, but another row of its ticket was rejected, and a ticket is imported whole or not at all
 */
export const ROW_FATES = [
  'moved',
  'changed-facts',
  'noted',
  'nothing-new',
  'duplicate',
  'unknown-state',
  'late',
  'already-imported',
  'rejected',
  'held-back',
] as const;
export type RowFate = (typeof ROW_FATES)[number];

export interface Applied {
  readonly events: readonly TicketEvent[];
  readonly state: TicketState;
  readonly fate: RowFate;
}

const { evolve } = ticketDecider();

/** The state after events of a ticket. */
export function evolved(state: TicketState, events: readonly TicketEvent[]): TicketState {
  let after = state;
  for (const event of events) after = evolve(after, event);
  return after;
}

/** The stage that a row asserts: a ticket in triage that somebody is assigned to is Assigned. null: its state is unknown. */
export function stageOfRow(row: HistoryRow): Stage | null {
  return row.stage === 'triage' && row.engineer !== null ? 'assigned' : row.stage;
}

/** What a row says about the classification; what it leaves open is not in it. */
function classificationOfRow(row: HistoryRow): Partial<Classification> {
  return {
    ...(row.clientName !== null && { clientId: idFromName(row.clientName) }),
    ...(row.site !== null && { siteId: idFrom(row.site) }),
    ...(row.category !== null && { category: row.category }),
    ...(row.ticketType !== null && { ticketType: row.ticketType }),
    ...(row.priority !== null && { priority: row.priority }),
  };
}

/** Gathers the events of one row, each decided on the state after the one before. */
class RowEvents {
  readonly events: TicketEvent[] = [];
  readonly ticketId: string;
  readonly occurredAt: Instant;
  constructor(
    public state: Ticket,
    readonly row: HistoryRow,
  ) {
    this.ticketId = idFrom(row.ticket);
    this.occurredAt = instantOf(row.at);
  }

  add(...events: readonly TicketEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      // An event never leads back to a ticket that was not requested.
      this.state = evolve(this.state, event) as Ticket;
    }
  }

  move(to: Stage): void {
    const { ticketId, occurredAt, row } = this;
    const assignment = { engineerId: engineerIdOf(row), team: row.team };
    const classification = classificationOfRow(row);
    this.add(
      ...recordMove(this.state, {
        ticketId,
        to,
        occurredAt,
        ...assignment,
        classification,
        resolution: row.resolution,
      }),
    );
  }
}

function engineerIdOf(row: HistoryRow): string | null {
  return row.engineer === null ? null : idFromName(row.engineer);
}

function requestOf(row: HistoryRow, mapping: TicketHistoryMapping): TicketEvent {
  const ticketId = idFrom(row.ticket);
  const [request] = recordMove(NOT_REQUESTED, {
    ticketId,
    // Without a stated time of the request, a move to a later stage makes it be marked as missing.
    to: row.openedAt === null && row.stage !== 'request' ? 'triage' : 'request',
    occurredAt: instantOf(row.openedAt ?? row.at),
    classification: classificationOfRow(row),
    requested: {
      reference: ticketId === row.ticket ? null : row.ticket,
      summary: row.summary === '' ? `Ticket ${row.ticket}` : row.summary,
      description: row.description,
      requestedBy: row.requestedBy,
      source: mapping.source,
    },
  });
  return request as TicketEvent;
}

/** Applies one row to a ticket as it stands. Pure. */
export function applyRow(state: TicketState, row: HistoryRow, mapping: TicketHistoryMapping): Applied {
  const before: TicketEvent[] = [];
  let ticket = state;
  if (ticket.stage === 'not-requested') {
    before.push(requestOf(row, mapping));
    ticket = evolved(ticket, before);
  }
  const changes = new RowEvents(ticket as Ticket, row);
  const to = stageOfRow(row);
  if (changes.state.stage === 'request' && row.stage === 'triage') changes.move('triage');
  reclassify(changes);
  assign(changes, to);
  if (to !== null) changes.move(to);
  changes.add(...notesOf(row, mapping));
  const events = [...before, ...changes.events];
  return { events, state: changes.state, fate: fateOf(events, to) };
}

function reclassify(changes: RowEvents): void {
  const { classification } = changes.state.record;
  const told = classificationOfRow(changes.row);
  const changed = (Object.keys(told) as (keyof Classification)[]).filter((key) => told[key] !== classification[key]);
  const { occurredAt } = changes;
  if (changed.length === 0) return;
  if (changed.length === 1 && told.priority !== undefined && told.priority !== null && changed[0] === 'priority') {
    changes.add({ type: 'TicketReprioritised', data: { priority: told.priority }, occurredAt });
  } else {
    changes.add({ type: 'TicketReclassified', data: { ...classification, ...told, reason: null }, occurredAt });
  }
}

function assign(changes: RowEvents, to: Stage | null): void {
  const { state, row, occurredAt } = changes;
  const engineerId = engineerIdOf(row);
  if (engineerId === state.record.engineerId && row.team === state.record.team) return;
  const entering = engineerId !== null && (state.stage === 'request' || state.stage === 'triage');
  if (entering || (to === 'assigned' && state.stage !== 'assigned')) changes.move('assigned');
  else changes.add({ type: 'TicketReassigned', data: { engineerId, team: row.team }, occurredAt });
}

/** The notes that a row leaves: its state where the mapping does not know it, and its text. Their ids follow from the row. */
export function notesOf(row: HistoryRow, mapping: TicketHistoryMapping): readonly TicketEvent[] {
  const notes: TicketEvent[] = [];
  if (row.stage === null) {
    const text = `State "${row.state}" of ${mapping.source} is not in the mapping; the stage was left as it was.`;
    notes.push(importNote(row, 'state', mapping, text));
  }
  if (row.note !== null && mapping.note !== null) {
    const author = row.noteAuthor === null ? null : idFromName(row.noteAuthor);
    notes.push(importNote(row, 'note', mapping, row.note, author, mapping.note.visibility));
  }
  return notes;
}

/** A note of the importer, with an id that follows from the row: a second run finds it again. */
export function importNote(
  row: HistoryRow,
  kind: 'state' | 'note' | 'late',
  mapping: TicketHistoryMapping,
  text: string,
  author: string | null = null,
  visibility: 'internal' | 'client' = 'internal',
): TicketEvent {
  const noteId = `import-${kind}-${digest(JSON.stringify(row.fields))}`;
  const data = { noteId, author: author ?? `import-${mapping.source}`, text, visibility };
  return { type: 'NoteAdded', data, occurredAt: instantOf(row.at) };
}

function fateOf(events: readonly TicketEvent[], to: Stage | null): RowFate {
  if (to === null) return 'unknown-state';
  if (events.some(isTransition)) return 'moved';
  if (events.length === 0) return 'nothing-new';
  return events.every(({ type }) => type === 'NoteAdded') ? 'noted' : 'changed-facts';
}
