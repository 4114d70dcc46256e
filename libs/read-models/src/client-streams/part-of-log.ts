import type { BillingMonthOpened } from '@billtrail/billing';
import {
  categoryOf,
  streamName,
  type PositionNumber,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { RowOf } from '../database/table.js';
import { WHOSE_STREAMS } from './tables.js';
import type { About } from '../parking/parked.js';
import { HORIZON, NAMES } from '../rating-facts/tables.js';

/** What a question about one client, ticket or contract needs of the log. */
export interface PartOfLog {
  readonly streams: readonly StreamName[];
  /** In place of the event of another stream by which the log came to its last month; null: it came to none. */
  readonly month: RecordedEvent | null;
  /** Names of work that other tickets had taken: work of the same id has another one. */
  readonly namesTaken: readonly RowOf<typeof NAMES>[];
}

/** Streams that tell something of everybody. */
const OF_ALL: readonly StreamName[] = ['configuration', 'calendar'];

/** The part of the log up to a position, as read models know it that have read as far; null: the question names no client, so the whole log is read. */
export function partOfLog(database: ReadDatabase, about: About, upTo: PositionNumber): PartOfLog | null {
  const named = streamsNamed(database, about);
  const clients = about.clientId == null ? clientsOf(database, named, upTo) : [about.clientId];
  if (named.length + clients.length === 0) return null;
  const told = database
    .query<[string, number], StreamName>(
      `SELECT DISTINCT stream FROM client_streams
       WHERE client_id IN (SELECT value FROM json_each(?)) AND first_position <= ? ORDER BY stream`,
    )
    .pluck()
    .all(JSON.stringify(clients), upTo);
  // What may concern anybody is told to be so by whoever reads it.
  const nobodys = database
    .query<[number], StreamName>(
      `SELECT DISTINCT p.stream FROM parked p LEFT JOIN client_streams s ON s.stream = p.stream
       WHERE s.client_id IS NULL AND p.client_id = '' AND p.model <> '${WHOSE_STREAMS}' AND p.position <= ?`,
    )
    .pluck()
    .all(upTo);
  const streams = [...new Set([...OF_ALL, ...nobodys, ...named, ...told])];
  const tickets = streams.filter((one) => categoryOf(one) === 'ticket').map((one) => one.slice('ticket-'.length));
  return { streams, month: monthCome(database, upTo), namesTaken: namesTaken(database, tickets) };
}

/** A ticket with all that it was merged with, at any time. */
function streamsNamed(database: ReadDatabase, { ticketId, contractId }: About): readonly StreamName[] {
  if (contractId != null) return [streamName('contract', contractId)];
  if (ticketId == null) return [];
  const own = streamName('ticket', ticketId);
  const together = database
    .query<[StreamName], StreamName>(
      'SELECT stream FROM merged_streams WHERE together = (SELECT together FROM merged_streams WHERE stream = ?) ORDER BY stream',
    )
    .pluck()
    .all(own);
  return together.length === 0 ? [own] : together;
}

function clientsOf(database: ReadDatabase, streams: readonly StreamName[], upTo: PositionNumber): readonly string[] {
  return database
    .query<[string, number], string>(
      'SELECT DISTINCT client_id FROM client_streams WHERE stream IN (SELECT value FROM json_each(?)) AND first_position <= ?',
    )
    .pluck()
    .all(JSON.stringify(streams), upTo);
}

function monthCome(database: ReadDatabase, upTo: PositionNumber): RecordedEvent | null {
  const row = database.rows(HORIZON, 'WHERE position <= ? ORDER BY month DESC LIMIT 1').get(BigInt(upTo));
  if (row === undefined) return null;
  const opened: BillingMonthOpened = { type: 'BillingMonthOpened', data: { month: row.month }, occurredAt: '' };
  const of = {
    id: row.eventId,
    stream: 'calendar',
    version: 0,
    position: row.position,
    schemaVersion: 1,
    recordedAt: '',
  };
  const by = { actor: { id: 'as-of', role: 'system' }, commandId: '', correlationId: '', causationId: null } as const;
  return { ...opened, ...of, ...by };
}

function namesTaken(database: ReadDatabase, tickets: readonly string[]): readonly RowOf<typeof NAMES>[] {
  const own = JSON.stringify(tickets);
  return database
    .rows(
      NAMES,
      `WHERE ticket_id NOT IN (SELECT value FROM json_each(?)) AND name IN (
         SELECT work_item_id FROM work_item_names WHERE ticket_id IN (SELECT value FROM json_each(?)))`,
    )
    .all(own, own);
}
