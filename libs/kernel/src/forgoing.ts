import type { DomainEvent } from './event.js';
import type { MoneyJson } from './money.js';
import type { Month } from './time.js';

/** The acts that forgo money by a person's word, and are held to a limit. */
export const FORGOING_ACTS = ['accept-gap', 'write-off', 'credit', 'courtesy', 'price-override'] as const;
export type ForgoingAct = (typeof FORGOING_ACTS)[number];

/** What is forgone of one ticket; `ticketId` null: of a charge, which is of no ticket. Positive, in the currency of the limit. */
export interface ForgoneOfTicket {
  readonly ticketId: string | null;
  readonly money: MoneyJson;
}

/** What is forgone, and of whom: all that its verdict needs beside what was forgone before. */
export interface ForgoingFacts {
  readonly act: ForgoingAct;
  /** What it is about: the gap, the item, the credit note, the piece of work. One request at a time is open of an act on it. */
  readonly target: string;
  readonly clientId: string | null;
  /** Billing period of the work; null: no work date is known. */
  readonly period: Month | null;
  /** A part for each ticket. */
  readonly forgone: readonly ForgoneOfTicket[];
}

/**
 * One person asks to forgo money, on the stream where that takes effect. Nothing is forgone by this: a verdict in the order of the log says whether it
 * stands, and if so the event of the act follows, caused by this one (ADR 20). Where a second person is named, no request is needed.
 */
export type ForgoingRequested = DomainEvent<
  'ForgoingRequested',
  ForgoingFacts & {
    /** The command as it is decided again when it is carried out. */
    readonly asked: {
      readonly reasonCode?: string;
      readonly comment?: string | null;
      readonly reason?: string | null;
    };
  }
>;

/** A request that was not carried out ends: a person takes it back, it was asked with a second person, or what it is about has changed. */
export type ForgoingWithdrawn = DomainEvent<
  'ForgoingWithdrawn',
  { readonly requestId: string; readonly reason: string; readonly withdrawnBy: string }
>;

export type ForgoingEvent = ForgoingRequested | ForgoingWithdrawn;

/** A request as far as its own stream tells of it. */
export interface OpenForgoing {
  /** Of its event. */
  readonly requestId: string;
  readonly data: ForgoingRequested['data'];
}

interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly causationId: string | null;
}

/** What is recorded where an act takes effect. */
const EFFECTS: Readonly<Record<ForgoingAct, readonly string[]>> = {
  'accept-gap': ['BillingGapAccepted'],
  'write-off': ['WorkWrittenOff'],
  credit: ['CreditNoteIssueRequested', 'CreditNoteLinesAdded'],
  courtesy: ['CourtesyGranted'],
  'price-override': ['TimeEntryPriceOverridden'],
};

/** Whether an event is the effect of a request. Others may name it as their cause: what was recorded on its stream just before them. */
export function isEffectOf(
  { type, causationId }: Pick<Recorded, 'type' | 'causationId'>,
  { requestId, act }: Pick<ForgoingFacts, 'act'> & Pick<OpenForgoing, 'requestId'>,
): boolean {
  return causationId === requestId && EFFECTS[act].includes(type);
}

/** The requests of a stream that were neither carried out nor withdrawn, in their order. */
export function openForgoings(events: readonly Recorded[]): readonly OpenForgoing[] {
  const open = new Map<string, OpenForgoing>();
  for (const event of events) {
    const { id, type, data, causationId } = event;
    const cause = causationId === null ? undefined : open.get(causationId);
    if (cause !== undefined && isEffectOf(event, { requestId: cause.requestId, act: cause.data.act }))
      open.delete(cause.requestId);
    if (type === 'ForgoingWithdrawn') open.delete((data as ForgoingWithdrawn['data']).requestId);
    if (type === 'ForgoingRequested') open.set(id, { requestId: id, data: data as ForgoingRequested['data'] });
  }
  return [...open.values()];
}
