import type { ForgoingAct, ForgoneOfTicket, MoneyJson, Month, Role } from '@billtrail/kernel';
import type { LimitsOfForgoing } from '@billtrail/billing';
import type { PositionNumber } from '@billtrail/event-store';
import { integer, json, minor, orNull, table, text, type RowOf } from '../database/table.js';

/** The name of the read model. */
export const APPROVALS_MODEL = 'approvals';

/** Of a request, by the facts folded until then: it has effect, or it has none until a second person approves it. */
export const VERDICTS = ['stands', 'waits'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How a request ended: its effect was recorded, it was refused or withdrawn, what it is about ended otherwise, or its effect was taken back later. */
export type ApprovalEnding = 'carried-out' | 'refused' | 'withdrawn' | 'lapsed' | 'taken-back';

/** What came of that which a request waited for: its gap ended, its work is not as it was or not of its client, or somebody else was first. */
export const LAPSE_CAUSES = [
  'gap-ended',
  'corrected',
  'voided',
  'rejected',
  'approved',
  'no-charge',
  'repriced',
  'invoiced',
  'credited',
  'written-off',
  'client-changed',
  'published-anew',
] as const;
export type LapseCause = (typeof LAPSE_CAUSES)[number];

/** Why a request lapsed, and the event that made it so. */
export interface Lapse {
  readonly because: LapseCause;
  readonly eventId: string;
}

const WORDS_OF_LAPSES: Readonly<Record<LapseCause, string>> = {
  'gap-ended': 'its gap ended',
  corrected: 'the work was corrected',
  voided: 'the work was voided',
  rejected: 'the work was rejected',
  approved: 'the work was approved',
  'no-charge': 'the ticket was declared free of charge',
  repriced: 'the work was priced anew',
  invoiced: 'the work was invoiced',
  credited: 'a credit note took it back',
  'written-off': 'it was written off otherwise',
  'client-changed': 'the ticket went to another client',
  'published-anew': 'another configuration was published',
};

/** As a part of a sentence. */
export function whyLapsed({ because, eventId }: Lapse): string {
  return `${WORDS_OF_LAPSES[because]}, by event ${eventId}`;
}

/** Why a request waits for a second person. */
export type WhyItWaits =
  | {
      /** It would bring the sum of a ticket, or of a client and month, above what one person may forgo. */
      readonly because: 'above-limit';
      /** null: the sum is that of the client and month. */
      readonly ticketId: string | null;
      /** Of which client and month the sum is, where the work stood there when it was approved or resolved. Absent: those of the request. */
      readonly stoodIn?: { readonly clientId: string; readonly period: string };
      /** With the request; null: it is in another currency than the limit, and can't be compared. */
      readonly sum: MoneyJson | null;
      readonly limit: MoneyJson;
    }
  /** Nobody can state what it is worth. */
  | { readonly because: 'value-not-stated'; readonly limit: MoneyJson }
  /** Whoever asks did some of the work. */
  | { readonly because: 'own-work' }
  /** A configuration that lets one person do more, or prices work of days that have passed anew: by which of its rules. */
  | { readonly because: 'loosens'; readonly rules: readonly string[] }
  /** An engineer asks, of work that was approved, or whose ticket was resolved. */
  | { readonly because: 'by-engineer' };

/** Where work stood when it was held, and stands no more. */
export interface StoodIn {
  readonly clientId: string;
  readonly period: string;
  /** Of which the part counts there. Absent: all parts, as a request of before named it. */
  readonly ticketId?: string;
}

export const APPROVALS = table(
  'approvals',
  {
    requestId: text(),
    position: integer<PositionNumber>(),
    stream: text(),
    act: text<ForgoingAct>(),
    target: text(),
    /** What the money is of: of a gap all its occurrences, else the target on its stream. A later act on it takes the place of the one before. */
    subject: text(),
    /** The name under which the work is rated that a gap is about; null: it is of another act, or about no piece of work. */
    workItemId: orNull(text()),
    clientId: orNull(text()),
    period: orNull(text()),
    /** Other clients and months in whose sums it counts; null: none. */
    stoodIn: orNull(json<readonly StoodIn[]>()),
    /** The only one there is; null: it is of several tickets, or of none. */
    ticketId: orNull(text()),
    forgone: json<readonly ForgoneOfTicket[]>(),
    /** null: nobody can state it. */
    valueMinor: orNull(minor()),
    currency: orNull(text()),
    /** Of what it would do. */
    hash: text(),
    workBy: json<readonly string[]>(),
    requestedBy: text(),
    requestedAs: text<Role>(),
    requestedAt: text(),
    /** When the log took it. */
    recordedAt: text(),
    reasonCode: orNull(text()),
    comment: orNull(text()),
    asked: json<object>(),
    verdict: text<Verdict>(),
    /** Why it waits, or waited until somebody approved it; null: it stands by its verdict. */
    waitsBecause: orNull(json<WhyItWaits>()),
    /** The second person, by whose word it stands: it takes no room in what single people may forgo. */
    approvedBy: orNull(text()),
    approvedAt: orNull(text()),
    /** The person in whose place whoever approved or refused it decided. */
    decidedInPlaceOf: orNull(text()),
    ending: orNull(text<ApprovalEnding>()),
    /** Who refused or withdrew it, and why. */
    endedBy: orNull(text()),
    endedReason: orNull(text()),
    lapse: orNull(json<Lapse>()),
  },
  {
    compared: 'with-all',
    key: ['requestId'],
    indexes: {
      approvals_by_position: ['position'],
      approvals_by_stream: ['stream', 'act', 'target'],
      approvals_by_subject: ['subject', 'act'],
      approvals_by_work: { on: ['workItemId'], where: 'work_item_id IS NOT NULL' },
      approvals_open: { on: ['verdict', 'position'], where: 'ending IS NULL' },
      approvals_waiting: { on: ['ticketId'], where: "verdict = 'waits' AND ending IS NULL" },
      approvals_by_client: ['clientId', 'position'],
    },
  },
);
export type ApprovalRow = RowOf<typeof APPROVALS>;

/** What one person's word forwent so far, of a ticket (`ticketId`), or of a client and month (`clientId`, `period`); '' where the scope has none. */
export const FORGONE_SUMS = table(
  'forgone_sums',
  { ticketId: text(), clientId: text(), period: text(), currency: text(), minor: minor() },
  { compared: 'with-all', key: ['ticketId', 'clientId', 'period', 'currency'], indexes: {} },
);

/** What the configuration says of forgoing, as the log has it; no row: none was published. */
export const FORGOING_LIMITS = table(
  'forgoing_limits',
  { only: integer(), limits: json<LimitsOfForgoing>() },
  { compared: 'with-all', key: ['only'], indexes: {} },
);

/** Who did work: nobody forgoes money for their own. `workItemId` '': whom the ticket was assigned to. People are only added. */
export const PEOPLE_OF_WORK = table(
  'people_of_work',
  { ticketId: text(), workItemId: text(), personId: text(), ticketGroup: text() },
  {
    compared: { client: 'ticketGroup', period: 'ticketId' },
    key: ['ticketId', 'workItemId', 'personId'],
    indexes: { people_of_work_by_group: ['ticketGroup', 'ticketId'] },
  },
);

/** Whose each ticket is by its own events. `partOf`: what it was merged into; null: nothing. */
export const PLACES_OF_TICKETS = table(
  'places_of_tickets',
  { ticketId: text(), clientId: orNull(text()), partOf: orNull(text()), ticketGroup: text() },
  {
    compared: { client: 'ticketGroup', period: 'ticketId' },
    key: ['ticketId'],
    indexes: {
      places_of_tickets_by_part: { on: ['partOf'], where: 'part_of IS NOT NULL' },
      places_of_tickets_by_group: ['ticketGroup', 'ticketId'],
    },
  },
);

/** The months in which each piece of work may lie, in order, and whether it is held: 1, or 0. */
export const PLACES_OF_WORK = table(
  'places_of_work',
  { ticketId: text(), workItemId: text(), periods: json<readonly Month[]>(), isHeld: integer(), ticketGroup: text() },
  {
    compared: { client: 'ticketGroup', period: 'ticketId' },
    key: ['ticketId', 'workItemId'],
    indexes: { places_of_work_by_group: ['ticketGroup', 'ticketId'] },
  },
);

/** The clients and months that held work left. Places are only added. */
export const PLACES_LEFT = table(
  'places_left',
  { ticketId: text(), workItemId: text(), clientId: text(), period: text(), ticketGroup: text() },
  {
    compared: { client: 'ticketGroup', period: 'ticketId' },
    key: ['ticketId', 'workItemId', 'clientId', 'period'],
    indexes: { places_left_by_group: ['ticketGroup', 'ticketId'] },
  },
);

/** Whom the log knows as persons, by what it says of their roles. `since`: where they were registered. */
export const KNOWN_PEOPLE = table(
  'known_people',
  {
    personId: text(),
    since: integer<PositionNumber>(),
    roles: json<readonly Role[]>(),
    /** All that they ever had. */
    everGiven: json<readonly Role[]>(),
    /** Who first said who they are, and when the log took it: what comes later changes neither. */
    registeredBy: text(),
    registeredAt: text(),
  },
  { compared: 'with-all', key: ['personId'], indexes: {} },
);

/** What a line of a document is of. */
export interface LineNamed {
  /** null: a charge. */
  readonly ticketId: string | null;
  readonly workItemId: string | null;
  readonly itemId: string;
}

/** The lines of documents that are not issued yet, part by part. `document`: `invoice I1`, `credit-note C1`. */
export const LINES_NAMED = table(
  'lines_named',
  { document: text(), position: integer(), lines: json<readonly LineNamed[]>() },
  { compared: 'with-all', key: ['document', 'position'], indexes: {} },
);

const ENDING_OF_GROUP = 2;

/** Tickets are compared in groups by how their ids end, so that a look at one of them reads the sums of its group, and not those of all. */
export function groupOfTicket(ticketId: string): string {
  return ticketId.slice(-ENDING_OF_GROUP);
}
