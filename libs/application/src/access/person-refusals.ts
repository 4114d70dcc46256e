import { refuse, type Refusal, type Role } from '@billtrail/kernel';
import type { ApiKey, Person } from '@billtrail/vault';
import type { RecordedOfPerson } from './record-of-person.js';

export function personUnknown(personId: string): Refusal {
  return refuse(
    'PersonUnknown',
    `No person with id ${personId}.`,
    'Check the id: GET /v1/persons, or billtrail person list',
    {
      personId,
    },
  );
}

export function personTaken(personId: string): Refusal {
  return refuse(
    'PersonTaken',
    `There is a person with id ${personId} already.`,
    `Choose another id, or leave it out. To state anew what is known of them: POST /v1/persons/${personId}/details, or billtrail person change ${personId} --name NAME`,
    { personId },
  );
}

export function idReserved(personId: string): Refusal {
  return refuse(
    'PersonIdReserved',
    `The id ${personId} is one of Billtrail's own: its policies, or the accounts of the machine, act under it.`,
    'Choose another id, or leave it out.',
    { personId },
  );
}

export function personUnnamed(personId: string): Refusal {
  return refuse(
    'PersonUnnamed',
    `The person ${personId} has no name yet, so nobody would know whose the key is.`,
    `Say who it is, POST /v1/persons/${personId}/details with {"name": "..."}, or billtrail person change ${personId} --name NAME`,
    { personId },
  );
}

export function roleNotHeld({ id, roles }: Person, role: Role): Refusal {
  return refuse(
    'RoleNotHeld',
    `The person ${id} has ${roles.length === 0 ? 'no roles' : `the roles ${roles.join(', ')}`}, not ${role}.`,
    `Make a key with one of these roles, or give them the role: POST /v1/persons/${id}/details`,
    { personId: id, role, roles },
  );
}

export function keyEnded(keyId: string): Refusal {
  return refuse(
    'KeyEnded',
    `The key ${keyId} is revoked: nothing can take its place.`,
    'Make another key of the person: POST /v1/persons/{personId}/keys',
    { keyId },
  );
}

export function lastAdminKey({ id: keyId, personId }: ApiKey): Refusal {
  return refuse(
    'LastAdminKey',
    `The key ${keyId} of ${personId} would end, and nobody else could sign in as an admin.`,
    `Make an admin's key first: of another person (POST /v1/persons, then POST /v1/persons/{personId}/keys), or a further one of ${personId}: POST /v1/persons/${personId}/keys. A key that others may know is replaced at once: POST /v1/keys/${keyId}/rotate, or billtrail key rotate ${keyId}`,
    { keyId, personId },
  );
}

export function keyShownOnce({ personId, stream, position }: RecordedOfPerson, keyId: string): Refusal {
  return refuse(
    'KeyShownOnce',
    `This request has made the key ${keyId} of ${personId}, and a key is shown once.`,
    `If it was lost, revoke it, POST /v1/keys/${keyId}/revoke, and make another key of the person under a new Idempotency-Key: POST /v1/persons/${personId}/keys`,
    { personId, keyId, stream, position: String(position) },
  );
}

export function keyNotMade({ personId, stream, position }: RecordedOfPerson): Refusal {
  return refuse(
    'KeyNotMade',
    `This request has recorded a key of ${personId} that the vault did not take: nobody holds it, and the key that it was to replace, if any, goes on.`,
    'Send it again under a new Idempotency-Key.',
    { personId, stream, position: String(position) },
  );
}

export function firstKeyForAdmin(role: Role): Refusal {
  return refuse(
    'FirstKeyForAdmin',
    `The first key makes the key of an admin, who makes all others: not one with the role ${role}.`,
    'Make a key with the role admin first, of yourself, and go on with that',
    { role },
  );
}

export function firstKeySpent(): Refusal {
  return refuse(
    'FirstKeySpent',
    'The first key was spent by another request at the same moment: the key of this one signs nobody in.',
    'Go on with the key that the other request has made',
  );
}

export function clientRoleAlone(personId: string, roles: readonly Role[]): Refusal {
  return refuse(
    'ClientRoleAlone',
    `A client's user has the role client and no other; ${personId} would have ${roles.join(', ')}.`,
    'Leave the other roles out, or register two persons with ids of their own.',
    { personId, roles },
  );
}

export function clientMissing(): Refusal {
  return refuse(
    'ClientMissing',
    "A client's user is the user of one client.",
    'Name the client where they are registered: clientId. Who is registered without one stays without: register another person.',
  );
}

export function clientNeedsRole(): Refusal {
  return refuse(
    'ClientNotOfRole',
    'Only users with the role client belong to a client, and they have no other role.',
    'Where they are registered, leave clientId out. Who is registered as a user of a client has the role client or none: register another person.',
  );
}
