import type { DomainEvent, Role } from './event.js';
import { storedEventTypes } from './stored-event.js';

/** The stream of a person is `person-{personId}`. It holds nothing personal: name and e-mail are in the vault. */
export const PERSON_CATEGORY = 'person';

/** The actor says who this person is. */
export type PersonRegistered = DomainEvent<
  'PersonRegistered',
  { readonly personId: string; readonly roles: readonly Role[]; readonly clientId: string | null }
>;
/** Name, e-mail or roles were stated anew. */
export type PersonChanged = DomainEvent<
  'PersonChanged',
  { readonly personId: string; readonly roles: readonly Role[] }
>;
/** The actor made a key of this person: whoever holds it acts as them. */
export type KeyMade = DomainEvent<
  'KeyMade',
  {
    readonly personId: string;
    readonly keyId: string;
    readonly role: Role;
    /** The key that it takes the place of; null: it is a further one. */
    readonly replaces: string | null;
  }
>;
export type PersonEvent = PersonRegistered | PersonChanged | KeyMade;

export const storedPersonEvents = storedEventTypes<PersonEvent>()({
  PersonRegistered: { storedName: 'person-registered', personalFields: [] },
  PersonChanged: { storedName: 'person-changed', personalFields: [] },
  KeyMade: { storedName: 'key-made', personalFields: [] },
});
