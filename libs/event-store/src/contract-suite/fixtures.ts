import { expect } from '@jest/globals';
import type { DomainEvent, StoredEventType } from '@billtrail/kernel';
import type { AllSlice, AppendRequest, EventFilter, EventStore, RecordedEvent } from '../port.js';
import { Position, START } from '../position.js';
import { fingerprintOf } from '../fingerprint.js';
import { StoredNames } from '../stored-names.js';

/** A log under test. Every log is new and empty. */
export interface OpenedStore {
  readonly store: EventStore;
  /** Personal fields are sealed. */
  readonly seals: boolean;
  /** Closes the store and opens the same log again, as another process of another version would. */
  reopen(names?: StoredNames): Promise<EventStore>;
  /** Closes what is open and removes the log. */
  dispose(): Promise<void>;
}
/** What the tests of the suite work with: the store of a log that is new for each test. */
export interface UnderTest {
  readonly store: EventStore;
  readonly seals: boolean;
  reopen(names?: StoredNames): Promise<EventStore>;
}

export type OpenStore = (names: StoredNames) => Promise<OpenedStore>;

const NOTE: StoredEventType = {
  type: 'NoteAdded',
  storedName: 'note-added',
  schemaVersion: 1,
  personalFields: ['text'],
};
const TIME: StoredEventType = {
  type: 'TimeEntryLogged',
  storedName: 'time-entry-logged',
  schemaVersion: 1,
  personalFields: [],
};
const ISSUED: StoredEventType = {
  type: 'InvoiceIssued',
  storedName: 'invoice-issued',
  schemaVersion: 1,
  personalFields: [],
};

export const NAMES = new StoredNames([NOTE, TIME, ISSUED]);
/** A version that lacks one of the types. */
export const NAMES_WITHOUT_TIME = new StoredNames([NOTE, ISSUED]);
/** A later version: the note has another code name and another shape, and its old shapes are lifted in two steps. */
export const LATER_NAMES = new StoredNames([
  {
    type: 'CommentWritten',
    storedName: 'note-added',
    schemaVersion: 3,
    personalFields: ['body'],
    upcasters: {
      1: (data: { text: string }) => ({ body: data.text }),
      2: (data: { body: string }) => ({ ...data, language: 'en' }),
    },
  },
  TIME,
  ISSUED,
]);

export const OCCURRED_AT = '2026-03-31T23:30:00.123+11:00';

/** A later version that can't lift what no version wrote. */
export const STRICT_NAMES = new StoredNames([
  {
    type: 'CommentWritten',
    storedName: 'note-added',
    schemaVersion: 2,
    personalFields: ['body'],
    upcasters: {
      1: ({ text }: { text: unknown }) => {
        if (typeof text !== 'string') throw new TypeError(`${String(text)} is no text`);
        return { body: text };
      },
    },
  },
]);

export function note(text: string): DomainEvent {
  return { type: 'NoteAdded', data: { text }, occurredAt: OCCURRED_AT };
}

export function time(minutes: number): DomainEvent {
  return { type: 'TimeEntryLogged', data: { minutes }, occurredAt: OCCURRED_AT };
}

export function issued(number: string): DomainEvent {
  return { type: 'InvoiceIssued', data: { number }, occurredAt: OCCURRED_AT };
}

export function request(
  stream: string,
  commandId: string,
  events: readonly DomainEvent[],
  more: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    stream,
    expected: 'any',
    events,
    actor: { id: 'user-7', role: 'support' },
    commandId,
    correlationId: `request-of-${commandId}`,
    causationId: null,
    fingerprint: fingerprintOf('note', events),
    ...more,
  };
}

/** All slices from `after` to the end of the log. */
export async function slicesOf(
  store: EventStore,
  filter: EventFilter = {},
  limit = 100,
  after: Position = START,
): Promise<AllSlice[]> {
  const slices: AllSlice[] = [];
  for (;;) {
    const slice = await store.readAll({ ...filter, after, limit });
    slices.push(slice);
    if (slice.atEnd) return slices;
    if (!slice.next.isAfter(after)) throw new Error(`no progress after ${after}`);
    after = slice.next;
  }
}

export async function everything(store: EventStore, filter: EventFilter = {}, limit = 100): Promise<RecordedEvent[]> {
  return (await slicesOf(store, filter, limit)).flatMap((slice) => slice.events);
}

/** A position of no log that a test makes: its event has another id, or there is none. */
export function foreign(at: number, tag = 'ffffffff'): Position {
  const position = Position.parse(`${at}.${tag}`);
  if (position === null) throw new Error(`${at}.${tag} is no position`);
  return position;
}

/** Where the store has a chain, nothing is wrong with it. */
export async function expectWholeChain(store: EventStore): Promise<void> {
  const report = await store.capability('chain')?.verify();
  expect(report?.findings ?? []).toEqual([]);
}

export function textsOf(events: readonly RecordedEvent[]): unknown[] {
  return events.map((event) => (event.data as { text?: string }).text);
}
