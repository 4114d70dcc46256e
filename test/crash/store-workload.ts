import type { DomainEvent } from '@billtrail/kernel';
import { StoredNames, type AppendRequest, type Claim } from '@billtrail/event-store';

/** What the children append. Everything follows from the command id, so that the parent knows what must be in the log. */
export const NAMES = new StoredNames([
  { type: 'NoteAdded', storedName: 'note-added', schemaVersion: 1, personalFields: ['text'] },
  { type: 'TimeEntryLogged', storedName: 'time-entry-logged', schemaVersion: 1, personalFields: [] },
]);
const STREAMS = 7;
const OCCURRED_AT = '2026-03-31T23:30:00+11:00';

/** The `n`th command of a caller in one life of the child. */
export function commandIdOf(life: string, caller: number, n: number): string {
  return `${life}/${caller}/${n}`;
}

function numberOf(commandId: string): number {
  let sum = 0;
  for (const character of commandId) sum = (sum * 31 + character.charCodeAt(0)) % 100_003;
  return sum;
}

/** How many events the log has of a command, the claim of its key among them. */
export function eventCountOf(commandId: string): number {
  return ownEventsOf(commandId) + claimsOf(commandId).length;
}

function ownEventsOf(commandId: string): number {
  return 1 + (numberOf(commandId) % 3);
}

/** Every other command has a key. */
export function claimsOf(commandId: string): readonly Claim[] {
  return numberOf(commandId) % 2 === 0 ? [] : [{ key: `key-${commandId}`, fingerprint: `of ${commandId}` }];
}

function eventsOf(commandId: string): DomainEvent[] {
  return Array.from({ length: ownEventsOf(commandId) }, (_, part) => ({
    type: part === 1 ? 'TimeEntryLogged' : 'NoteAdded',
    occurredAt: OCCURRED_AT,
    data: { of: commandId, part, text: 'x'.repeat(numberOf(commandId) % 500) },
  }));
}

export function requestOf(commandId: string): AppendRequest {
  return {
    stream: `ticket-${numberOf(commandId) % STREAMS}`,
    expected: 'any',
    events: eventsOf(commandId),
    actor: { id: 'engineer-1', role: 'support' },
    commandId,
    correlationId: `request-${commandId}`,
    causationId: null,
    fingerprint: `of ${commandId}`,
  };
}
