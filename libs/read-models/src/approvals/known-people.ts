import { PERSON_CATEGORY, type Instant, type PersonEvent, type Role } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf } from '../runner/projection.js';
import { KNOWN_PEOPLE } from './tables.js';

/** The events that say who somebody is, and which roles they may have. */
export const TYPES_OF_KNOWN = ['PersonRegistered', 'PersonChanged'] as const satisfies readonly PersonEvent['type'][];

type EventOfKnown = Extract<PersonEvent, { type: (typeof TYPES_OF_KNOWN)[number] }>;

const OF_KNOWN: ReadonlySet<string> = new Set(TYPES_OF_KNOWN);

/** A person whom the log knows, with the roles that they may have now. */
export interface KnownPerson {
  readonly id: string;
  readonly roles: readonly Role[];
}

/** A person who was ever given a role, with who first registered them and when the log took it. */
export interface GivenPerson {
  readonly id: string;
  readonly registeredBy: string;
  readonly registeredAt: Instant;
}

export function isOfKnown({ type }: RecordedEvent): boolean {
  return OF_KNOWN.has(type);
}

/** Folds whom the log knows: the roles that they may have, and all that they were ever given. */
export class KnownPeopleFold {
  private readonly put;
  private readonly byId;

  constructor(database: ReadDatabase) {
    this.put = database.insert(KNOWN_PEOPLE, 'OR REPLACE');
    this.byId = database.rows(KNOWN_PEOPLE, 'WHERE person_id = ?');
  }

  apply(recorded: RecordedEvent): void {
    const { stream, position, data, actor, recordedAt } = eventOf<EventOfKnown>(recorded);
    const personId = stream.slice(`${PERSON_CATEGORY}-`.length);
    const { roles } = data;
    const before = this.byId.get(personId);
    const everGiven = [...new Set([...(before?.everGiven ?? []), ...roles])].sort();
    const { since, registeredBy, registeredAt } = before ?? {
      since: position,
      registeredBy: actor.id,
      registeredAt: recordedAt,
    };
    this.put({ personId, since, roles, everGiven, registeredBy, registeredAt });
  }
}

/** Those who have one of these roles now, in the order in which they were registered. */
export function knownPeople(database: ReadDatabase, roles: readonly Role[]): readonly KnownPerson[] {
  return database
    .rows(KNOWN_PEOPLE, 'ORDER BY since')
    .all()
    .filter((one) => one.roles.some((role) => roles.includes(role)))
    .map(({ personId: id, roles: has }) => ({ id, roles: has }));
}

/** Everybody else who was ever given one of these roles, in the order in which they were registered. What was given stays said: who takes it away again is not alone by that. */
export function othersGiven(database: ReadDatabase, personId: string, roles: readonly Role[]): readonly GivenPerson[] {
  return database
    .rows(KNOWN_PEOPLE, 'WHERE person_id <> ? ORDER BY since')
    .all(personId)
    .filter(({ everGiven }) => everGiven.some((role) => roles.includes(role)))
    .map(({ personId: id, registeredBy, registeredAt }) => ({ id, registeredBy, registeredAt }));
}
