import type { Actor, Instant } from '@billtrail/kernel';
import type { BillableItem } from '@billtrail/billing';
import { Position, START, streamName, withinBounds, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import type { BillableItemsQuery } from '../billable-items/query.js';
import type { KeyedGap } from '../billable-items/rows.js';
import {
  decodePosition,
  encodePosition,
  pageLimit,
  pageOf,
  MAX_PAGE,
  type Page,
  type PageRequest,
} from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { firstOf } from '../database/list.js';
import { APPROVALS } from '../approvals/tables.js';
import { givenUpOnTicket, type GivenUpOfTicket } from '../approvals/given-up.js';
import { waitingOnTicket, type WaitingRequest } from '../approvals/waiting.js';
import type { Gap, GapsQuery } from '../gaps/query.js';
import type { CreditNote, CreditNotesQuery } from '../invoices/credit-notes-query.js';
import type { Invoice, InvoicesQuery } from '../invoices/query.js';
import { TICKETS } from '../rating-facts/tables.js';
import { sentenceOfMention } from './mentions.js';
import { sentenceOf } from './sentences.js';
import { CREDIT_NOTES_MENTIONED, MENTIONS, type MentionRow } from './tables.js';

/** One thing that happened to a ticket. */
export interface TimelineEntry {
  readonly position: Position;
  readonly eventId: string;
  /** The stream that holds the event: the ticket's own, an account's or a gap's. */
  readonly stream: string;
  readonly type: string;
  /** When it happened, and when it was recorded: back-dated work is normal. */
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: Actor;
  readonly sentence: string;
  /** Codes of the rules that a transition broke which history holds all the same. Empty: regular. */
  readonly irregular: readonly string[];
}

/** What became of a ticket's work, now. */
export interface TicketOutcome {
  readonly items: readonly BillableItem[];
  readonly derivedGaps: readonly KeyedGap[];
  readonly recordedGaps: readonly Gap[];
  /** Documents that carry or claim its items, and those of which a credit note took some back. */
  readonly invoices: readonly Invoice[];
  /** Credit notes that name its work. */
  readonly creditNotes: readonly CreditNote[];
  /** What somebody asked to forgo of it, and waits for a second person. */
  readonly waiting: readonly WaitingRequest[];
  /** What less is asked of it since it was approved or resolved, because somebody voided, corrected or rejected work. */
  readonly givenUp: readonly GivenUpOfTicket[];
}

/** What happened to one ticket, in the order of the log: its own stream, and where accounts and gaps name it. */
export class TicketTimelineQuery {
  constructor(
    private readonly database: ReadDatabase,
    private readonly store: EventStore,
    private readonly models: {
      readonly billableItems: BillableItemsQuery;
      readonly gaps: GapsQuery;
      readonly invoices: InvoicesQuery;
      readonly creditNotes: CreditNotesQuery;
    },
  ) {}

  /**
   * `upTo`: as it was at that position of the log (law L9). The ticket's own events come from the log itself and are never behind.
   * null where there is no such ticket. @throws PositionUnknown where `upTo` or the cursor is of another log
   */
  async timeline(
    ticketId: string,
    options: PageRequest & { readonly upTo?: Position | undefined } = {},
  ): Promise<Page<TimelineEntry> | null> {
    const limit = pageLimit(options);
    const after = decodePosition('timeline', options.cursor);
    const log = withinBounds(this.store);
    for (const kept of [after, options.upTo ?? START]) await log.eventAt(kept);
    const upTo = options.upTo?.at ?? Number.MAX_SAFE_INTEGER;
    const { events } = await log.readStream(streamName('ticket', ticketId));
    const first = events[0];
    if (first === undefined || first.position > upTo) return null;
    const own = events.filter(({ position }) => position > after.at && position <= upTo).slice(0, limit + 1);
    const entries = [...own.map(ownEntry), ...this.mentions(ticketId, after.at, upTo, limit + 1)].map((entry) =>
      this.withVerdict(entry),
    );
    entries.sort(inOrderOfLog);
    return pageOf(
      entries,
      limit,
      (entry) => entry,
      ({ position }) => encodePosition('timeline', position),
    );
  }

  /** The verdict of a request is of its place in the log, so it is the same at every later position. */
  private withVerdict(entry: TimelineEntry): TimelineEntry {
    if (entry.type !== 'ForgoingRequested') return entry;
    const request = firstOf(this.database, APPROVALS, { requestId: entry.eventId });
    const waits = request !== undefined && request.waitsBecause !== null;
    return waits ? { ...entry, sentence: `${entry.sentence} (waits for a second person)` } : entry;
  }

  /** The client of a ticket; null: it has none, or there is no such ticket. */
  clientOf(ticketId: string): string | null {
    return this.database.rows(TICKETS, 'WHERE ticket_id = ?').get(ticketId)?.clientId ?? null;
  }

  /** Items, gaps and documents of the ticket as the read models have them. */
  async outcome(ticketId: string): Promise<TicketOutcome> {
    const { billableItems, gaps, invoices, creditNotes } = this.models;
    const items = await billableItems.ofTicket(ticketId);
    const recordedGaps: Gap[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await gaps.list({ ticketId }, { limit: MAX_PAGE, cursor });
      recordedGaps.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    const noteIds = this.database
      .query<[string], { creditNoteId: string }>(
        `SELECT credit_note_id AS creditNoteId FROM ${CREDIT_NOTES_MENTIONED.name} WHERE ticket_id = ? ORDER BY credit_note_id`,
      )
      .all(ticketId);
    const notes = (await Promise.all(noteIds.map(({ creditNoteId }) => creditNotes.get(creditNoteId)))).filter(
      (note) => note !== null,
    );
    const invoiceIds = new Set(
      [...items, ...notes].flatMap(({ invoiceId }) => (invoiceId === null ? [] : [invoiceId])),
    );
    const documents = await Promise.all([...invoiceIds].sort().map((invoiceId) => invoices.get(invoiceId)));
    return {
      items,
      derivedGaps: await billableItems.derivedGapsOfTicket(ticketId),
      recordedGaps,
      invoices: documents.filter((document) => document !== null),
      creditNotes: notes,
      waiting: waitingOnTicket(this.database, ticketId),
      givenUp: givenUpOnTicket(this.database, ticketId),
    };
  }

  private mentions(ticketId: string, after: number, upTo: number, limit: number): readonly TimelineEntry[] {
    return this.database
      .rows(MENTIONS, 'WHERE ticket_id = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?')
      .all(ticketId, BigInt(after), BigInt(upTo), limit)
      .map(mentionEntry);
  }
}

/** Entries of one log, the earlier first. */
export function inOrderOfLog(one: TimelineEntry, other: TimelineEntry): number {
  return one.position.at - other.position.at;
}

function ownEntry(event: RecordedEvent): TimelineEntry {
  const { id, stream, type, occurredAt, recordedAt, actor, data } = event;
  const position = Position.of(event);
  const { irregular } = data as { readonly irregular?: readonly string[] };
  const sentence = sentenceOf({ type, data } as TicketEvent);
  return { position, eventId: id, stream, type, occurredAt, recordedAt, actor, sentence, irregular: irregular ?? [] };
}

function mentionEntry(row: MentionRow): TimelineEntry {
  const { ticketId: _, position, actorId, actorRole, mention, ...same } = row;
  return {
    ...same,
    position: Position.of({ position, id: row.eventId }),
    actor: { id: actorId, role: actorRole },
    sentence: sentenceOfMention(mention),
    irregular: [],
  };
}
