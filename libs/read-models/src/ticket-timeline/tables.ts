import type { PositionNumber } from '@billtrail/event-store';
import type { Role } from '@billtrail/kernel';
import { integer, json, table, text, type RowOf } from '../database/table.js';
import type { Mention } from './mentions.js';

/** An event of an account or a gap that names a ticket. The ticket's own events are not copied: its stream is the story. */
export const MENTIONS = table(
  'ticket_mentions',
  {
    ticketId: text(),
    position: integer<PositionNumber>(),
    eventId: text(),
    stream: text(),
    type: text(),
    occurredAt: text(),
    recordedAt: text(),
    actorId: text(),
    actorRole: text<Role>(),
    /** What the event says about this ticket. */
    mention: json<Mention>(),
  },
  { compared: 'never', key: ['ticketId', 'position'] },
);
export type MentionRow = RowOf<typeof MENTIONS>;

export const GAPS_MENTIONED = table(
  'mentioned_gaps',
  { gapId: text(), ticketId: text() },
  { compared: 'never', key: ['gapId'] },
);
export const INVOICES_MENTIONED = table(
  'mentioned_invoices',
  { invoiceId: text(), ticketId: text() },
  { compared: 'never', key: ['invoiceId', 'ticketId'] },
);
export const CREDIT_NOTES_MENTIONED = table(
  'mentioned_credit_notes',
  { creditNoteId: text(), ticketId: text() },
  { compared: 'never', key: ['creditNoteId', 'ticketId'] },
);
export const APPROVALS_MENTIONED = table(
  'mentioned_approvals',
  { requestId: text(), ticketId: text() },
  { compared: 'never', key: ['requestId', 'ticketId'] },
);

export const TIMELINE_TABLES = [
  MENTIONS,
  GAPS_MENTIONED,
  INVOICES_MENTIONED,
  CREDIT_NOTES_MENTIONED,
  APPROVALS_MENTIONED,
] as const;
