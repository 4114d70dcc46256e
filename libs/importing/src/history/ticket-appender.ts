import type { Actor, TimeZone } from '@billtrail/kernel';
import {
  CommandIdReused,
  fingerprintOf,
  type EventStore,
  MAX_EVENTS_PER_APPEND,
  streamName,
  TooLarge,
  WrongExpectedVersion,
} from '@billtrail/event-store';
import { type MaterialWord, type TicketEvent, withMaterialWords } from '@billtrail/ticketing';
import { InputRefused } from '../input-refused.js';
import type { TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { continueHistory, type StoredTicketEvent } from './continue-history.js';
import { idFrom } from './ids.js';
import type { AppendOutcome } from './report.js';
import type { HistoryRow } from './rows.js';
import { type TicketHistory, ticketHistory } from './ticket-history.js';
import type { ZoneCheck } from './zone-check.js';

export interface AppendedHistory {
  readonly history: TicketHistory;
  readonly outcome: AppendOutcome;
  readonly appended: number;
}

/** How often a ticket is read again because somebody else wrote to it meanwhile. */
const MAX_ATTEMPTS = 5;

/**
 * Appends the history of a ticket. Its command ids follow from the ticket, the version they append at and the zone in which the times were read
 * (`import:servicenow:INC0000045:0:UTC`), so that a repeat is recognised by the store, an interrupted import goes on where it ended, and a later
 * run can tell in which zone an earlier one read.
 */
export class TicketAppender {
  private readonly prefix: string;

  constructor(
    private readonly store: EventStore,
    private readonly mapping: TicketHistoryMapping,
    private readonly actor: Actor,
    private readonly correlationId: string,
    private readonly zone: TimeZone,
    private readonly zones: ZoneCheck,
    private readonly materialWords: () => Promise<readonly MaterialWord[]>,
  ) {
    this.prefix = `import:${mapping.source}:`;
  }

  /** Throws {@link InputRefused} if an earlier run read the same rows in another zone. */
  async append(ticket: string, rows: readonly HistoryRow[], again: boolean): Promise<AppendedHistory> {
    if (!again) {
      const fresh = await this.appendFresh(ticket, rows);
      if (fresh) return fresh;
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.appendToExisting(ticket, rows);
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** The ordinary way: the whole ticket in one append to a stream that does not exist. null: the stream holds something else. */
  private async appendFresh(ticket: string, rows: readonly HistoryRow[]): Promise<AppendedHistory | null> {
    const history = ticketHistory(rows, this.mapping);
    try {
      const appended = await this.appendAt(0, ticket, history.events);
      return { history, outcome: appended === 0 ? 'unchanged' : 'created', appended };
    } catch (error) {
      if (isConflict(error)) return null;
      throw error;
    }
  }

  private async appendToExisting(ticket: string, rows: readonly HistoryRow[]): Promise<AppendedHistory> {
    const { events, version } = await this.store.readStream(streamName('ticket', idFrom(ticket)));
    const stored = events.map((recorded): StoredTicketEvent => ({
      // The stream of a ticket holds events of a ticket: the store refuses names that it does not know.
      event: { type: recorded.type, data: recorded.data, occurredAt: recorded.occurredAt } as TicketEvent,
      imported: recorded.commandId.startsWith(this.prefix),
    }));
    const moments = events.flatMap(({ commandId, occurredAt }) => {
      const zone = this.zoneOf(ticket, commandId);
      return zone === null ? [] : [{ occurredAt, zone }];
    });
    const refusal = this.zones.check(rows, moments);
    if (refusal) throw new InputRefused(refusal);
    const { history, added } = continueHistory(rows, stored, this.mapping);
    const appended = await this.appendAt(version, ticket, added);
    const outcome = appended === 0 ? 'unchanged' : version === 0 ? 'created' : 'grown';
    return { history, outcome, appended };
  }

  /** The zone of the run that a command belongs to; null: it is no command of an import of this source. */
  private zoneOf(ticket: string, commandId: string): TimeZone | null {
    const start = `${this.prefix}${idFrom(ticket)}:`;
    return commandId.startsWith(start) ? (/^\d+:(.+)$/.exec(commandId.slice(start.length))?.[1] ?? null) : null;
  }

  /** Appends in pieces that the store takes. Returns how many events are new. */
  private async appendAt(version: number, ticket: string, events: readonly TicketEvent[]): Promise<number> {
    let appended = 0;
    for (let from = 0; from < events.length; from += MAX_EVENTS_PER_APPEND)
      appended += await this.appendPiece(version + from, ticket, events.slice(from, from + MAX_EVENTS_PER_APPEND));
    return appended;
  }

  /** What is too large for one append goes in two. */
  private async appendPiece(version: number, ticket: string, piece: readonly TicketEvent[]): Promise<number> {
    const ticketId = idFrom(ticket);
    const words = await this.materialWords();
    try {
      const { repeated } = await this.store.append({
        stream: streamName('ticket', ticketId),
        expected: version,
        events: piece.map((event) => withMaterialWords(event, words)),
        actor: this.actor,
        commandId: `${this.prefix}${ticketId}:${version}:${this.zone}`,
        correlationId: this.correlationId,
        causationId: null,
        fingerprint: fingerprintOf('import ticket', piece),
      });
      return repeated ? 0 : piece.length;
    } catch (error) {
      if (!(error instanceof TooLarge) || piece.length === 1) throw error;
      const half = Math.ceil(piece.length / 2);
      const first = await this.appendPiece(version, ticket, piece.slice(0, half));
      return first + (await this.appendPiece(version + half, ticket, piece.slice(half)));
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof WrongExpectedVersion || error instanceof CommandIdReused;
}
