import { randomBytes } from 'node:crypto';
import { compareTexts, isRefusal, refuse, type Instant, type Refusal, type Role } from '@billtrail/kernel';
import { streamName, type EventStore } from '@billtrail/event-store';
import { PERSON_CATEGORY, type ApiKey, type Person, type Vault } from '@billtrail/vault';
import { clientOf } from '../commands/references.js';
import type { Access } from './access.js';
import { FIRST_PERSON, hoursLater, newKey } from './keys.js';
import {
  DAYS_OF_KEY,
  MAX_DAYS_OF_KEY,
  type ChangePerson,
  type MakeKey,
  type RegisterPerson,
} from './persons.commands.js';
import { recordOfPerson, type AskedBy, type RecordedOfPerson } from './record-of-person.js';

const HOURS_OF_A_DAY = 24;
const ID_BYTES = 6;
/** Ids of whoever acts without a key, by the account of the machine: no person has one. */
export const ACCOUNT_PREFIX = 'os:';

/** A key, as it is told: by its id, never by what it is known by. */
export interface KeyTold extends Omit<ApiKey, 'id' | 'hash'> {
  readonly keyId: string;
}

/** A person, as they are told. */
interface PersonStated extends Omit<Person, 'id' | 'version'> {
  readonly personId: string;
}

/** A person with their keys, and who has vouched for them. */
interface PersonTold extends PersonStated {
  readonly keys: readonly KeyTold[];
  /** Who registered them or made them a key, each with the last time: such a one could act as them. */
  readonly keyedBy: readonly { readonly actorId: string; readonly at: Instant }[];
}

/** A key that was made, and the key itself: it can't be shown again. */
export interface MadeKeyOf extends RecordedOfPerson {
  readonly keyId: string;
  readonly key: string;
  readonly role: Role;
  readonly expiresAt: Instant;
}

/** Persons and their keys: what is personal is in the vault, who registered or re-keyed whom is in the log. */
export class Persons {
  constructor(
    private readonly vault: Vault,
    private readonly log: EventStore,
    private readonly access: Access,
    private readonly clock: () => Instant,
  ) {}

  /** All, by their ids. */
  async persons(): Promise<readonly PersonStated[]> {
    return (await this.vault.persons()).map(stated);
  }

  async keys(): Promise<readonly KeyTold[]> {
    return (await this.vault.keys()).map(keyTold);
  }

  /** null: there is none. */
  async told(personId: string): Promise<PersonTold | null> {
    const person = await this.vault.person(personId);
    if (person === null) return null;
    const keys = (await this.keys()).filter((key) => key.personId === personId);
    const { events } = await this.log.readStream(streamName(PERSON_CATEGORY, personId));
    const last = new Map<string, Instant>();
    for (const { type, actor, occurredAt } of events)
      if (type !== 'PersonChanged' && actor.id !== personId) last.set(actor.id, occurredAt);
    const keyedBy = [...last].map(([actorId, at]) => ({ actorId, at }));
    return {
      ...stated(person),
      keys,
      keyedBy: keyedBy.sort((one, other) => compareTexts(one.actorId, other.actorId)),
    };
  }

  /** Refuses PersonTaken, PersonIdReserved, ClientRoleAlone, ClientNotFound. The first who is named is the one whose the first key is. */
  async register(command: RegisterPerson, by: AskedBy): Promise<RecordedOfPerson | Refusal> {
    const { name, email = null, roles, clientId = null } = command;
    const personId = command.personId ?? ((await this.isAnybodyNamed()) ? newId() : FIRST_PERSON);
    const asked = { ...command };
    const recorded = await this.record('RegisterPerson', personId, asked, by, async (id) => {
      if (id.startsWith(ACCOUNT_PREFIX)) return idReserved(id);
      const held = await this.vault.person(id);
      if (held !== null && held.name !== null) return personTaken(id);
      const problem = await this.roleProblem(roles, clientId);
      return problem ?? { type: 'PersonRegistered', data: { personId: id, roles, clientId } };
    });
    if (isRefusal(recorded)) return recorded;
    const { personId: id, version, at: registeredAt } = recorded;
    const before = (await this.vault.person(id))?.roles ?? [];
    const all = [...new Set([...before, ...roles])];
    await this.vault.savePerson({ id, name, email, roles: all, clientId, registeredAt, version });
    return recorded;
  }

  /** Refuses PersonUnknown, ClientRoleAlone. Keys whose role is taken away are revoked, by events, so that an older vault revokes them too. */
  async change(personId: string, command: ChangePerson, by: AskedBy): Promise<RecordedOfPerson | Refusal> {
    const recorded = await this.record('ChangePerson', personId, { personId, ...command }, by, async (id) => {
      const held = await this.vault.person(id);
      if (held === null) return personUnknown(id);
      const roles = command.roles ?? held.roles;
      const problem = command.roles ? await this.roleProblem(roles, held.clientId) : null;
      return problem ?? { type: 'PersonChanged', data: { personId: id, roles } };
    });
    if (isRefusal(recorded)) return recorded;
    const held = await this.vault.person(recorded.personId);
    if (held === null) return personUnknown(personId);
    const { name = held.name, email = held.email, roles = held.roles } = command;
    await this.vault.savePerson({ ...held, name, email, roles, version: recorded.version });
    for (const key of await this.vault.keys())
      if (key.personId === held.id && key.revokedAt === null && !roles.includes(key.role))
        await this.access.revokeKey(key.id, by.actor, this.clock());
    return recorded;
  }

  /**
   * Makes a key of a person who is named; the first such key spends the first key of the installation. Refuses PersonUnknown, PersonUnnamed, RoleNotHeld,
   * FirstKeyForAdmin, FirstKeySpent, KeyShownOnce.
   */
  async makeKey(personId: string, command: MakeKey, by: AskedBy): Promise<MadeKeyOf | Refusal> {
    return this.make(personId, { ...command }, command, null, by);
  }

  /** A key in the place of another one, which is revoked. By an admin, or the person whose it is. Refuses KeyUnknown, KeyEnded, PersonUnnamed, KeyShownOnce. */
  async rotateKey(keyId: string, by: AskedBy): Promise<MadeKeyOf | Refusal> {
    const key = await this.keyFor(keyId, by);
    if (isRefusal(key)) return key;
    const made = await this.make(key.personId, { keyId }, termsOf(key), key, by);
    if (isRefusal(made) && made.code !== 'KeyShownOnce') return made;
    const revoked = await this.access.revokeKey(keyId, by.actor, this.clock());
    return isRefusal(revoked) ? revoked : made;
  }

  /** By an admin, or the person whose it is. Refuses KeyUnknown. */
  async revokeKey(keyId: string, by: AskedBy) {
    const key = await this.keyFor(keyId, by);
    return isRefusal(key) ? key : this.access.revokeKey(keyId, by.actor, this.clock());
  }

  private async make(
    personId: string,
    asked: object,
    { role, scope = [], readOnly, ratePerMinute, expiresInDays }: MakeKey,
    replaced: ApiKey | null,
    by: AskedBy,
  ): Promise<MadeKeyOf | Refusal> {
    const { key, keyId, hash } = newKey();
    const recorded = await this.record('MakeKey', personId, { personId, ...asked }, by, async (id) => {
      const held = await this.vault.person(id);
      if (held === null) return personUnknown(id);
      if (held.name === null) return personUnnamed(id);
      if (replaced !== null && replaced.revokedAt !== null) return keyEnded(replaced.id);
      if (!held.roles.includes(role)) return roleNotHeld(held, role);
      if (by.key?.isFirst === true && role !== 'admin') return firstKeyForAdmin(role);
      return { type: 'KeyMade', data: { personId: id, keyId, role, replaces: replaced?.id ?? null } };
    });
    if (isRefusal(recorded)) return recorded;
    if (recorded.repeated) return keyShownOnce(recorded);
    const spent = await this.spendFirstKeys(by);
    if (spent !== null) return spent;
    // By the clock by which it is looked at, also where that is not the log's.
    const at = this.clock();
    const expiresAt = hoursLater(at, expiresInDays * HOURS_OF_A_DAY);
    const limited = ratePerMinute === undefined ? {} : { ratePerMinute };
    await this.vault.addKeys([{ personId, hash, role, scope, readOnly, createdAt: at, expiresAt, ...limited }]);
    return { ...recorded, keyId, key, role, expiresAt };
  }

  /** Of two who spend one at the same moment, one does. */
  private async spendFirstKeys(by: AskedBy): Promise<Refusal | null> {
    const keys = await this.vault.keys();
    for (const { id } of keys.filter(({ isFirst, revokedAt }) => isFirst && revokedAt === null)) {
      const revoked = await this.access.revokeKey(id, by.actor, this.clock());
      if (id === by.key?.id && (isRefusal(revoked) || revoked.repeated)) return firstKeySpent();
    }
    const own = keys.find(({ id }) => id === by.key?.id);
    return own !== undefined && own.revokedAt !== null ? firstKeySpent() : null;
  }

  private record(
    name: string,
    personId: string,
    asked: object,
    by: AskedBy,
    decide: Parameters<typeof recordOfPerson>[4],
  ): Promise<RecordedOfPerson | Refusal> {
    return recordOfPerson(
      { log: this.log, vault: this.vault },
      name,
      { personId, asked, now: this.clock() },
      by,
      decide,
    );
  }

  /** Somebody else's is not there. */
  private async keyFor(keyId: string, { actor }: AskedBy): Promise<ApiKey | Refusal> {
    const key = (await this.vault.keys()).find(({ id }) => id === keyId);
    const may = key !== undefined && (actor.role === 'admin' || actor.id === key.personId);
    return may
      ? key
      : refuse(
          'KeyUnknown',
          `No key with id ${keyId}.`,
          'See the keys and their ids: GET /v1/keys, or billtrail key list',
          { keyId },
        );
  }

  private async isAnybodyNamed(): Promise<boolean> {
    return (await this.vault.persons()).some(({ name }) => name !== null);
  }

  private async roleProblem(roles: readonly Role[], clientId: string | null): Promise<Refusal | null> {
    const isUser = roles.includes('client');
    if (isUser && roles.length > 1) return clientRoleAlone();
    if (isUser !== (clientId !== null) && (isUser || roles.length > 0))
      return isUser ? clientMissing() : clientNeedsRole();
    if (clientId === null) return null;
    const client = await clientOf(this.log, clientId);
    return isRefusal(client) ? client : null;
  }
}

function stated(person: Person): PersonStated {
  const { id: personId, version: _, ...rest } = person;
  return { personId, ...rest };
}

function keyTold(one: ApiKey): KeyTold {
  const { id: keyId, hash: _, ...key } = one;
  return { keyId, ...key };
}

/** For as long again as the key was made for; one of an earlier version, which never expires, for as long as a new one. */
function termsOf({ role, scope, readOnly, ratePerMinute, createdAt, expiresAt }: ApiKey): MakeKey {
  const hours = expiresAt === null ? null : (Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000;
  const days = hours === null ? DAYS_OF_KEY : Math.round(hours / HOURS_OF_A_DAY);
  return {
    role,
    readOnly,
    expiresInDays: Math.min(Math.max(days, 1), MAX_DAYS_OF_KEY),
    ...(scope.length === 0 ? {} : { scope: [...scope] }),
    ...(ratePerMinute === null ? {} : { ratePerMinute }),
  };
}

function newId(): string {
  return `p-${randomBytes(ID_BYTES).toString('hex')}`;
}

function personUnknown(personId: string): Refusal {
  return refuse(
    'PersonUnknown',
    `No person with id ${personId}.`,
    'Check the id: GET /v1/persons, or billtrail person list',
    {
      personId,
    },
  );
}

function personTaken(personId: string): Refusal {
  return refuse(
    'PersonTaken',
    `There is a person with id ${personId} already.`,
    `Choose another id, or leave it out. To state anew what is known of them: POST /v1/persons/${personId}/details, or billtrail person change ${personId} --name NAME`,
    { personId },
  );
}

function idReserved(personId: string): Refusal {
  return refuse(
    'PersonIdReserved',
    `Ids that begin with ${ACCOUNT_PREFIX} are those of accounts of the machine.`,
    'Choose another id, or leave it out.',
    { personId },
  );
}

function personUnnamed(personId: string): Refusal {
  return refuse(
    'PersonUnnamed',
    `The person ${personId} has no name yet, so nobody would know whose the key is.`,
    `Say who it is, POST /v1/persons/${personId}/details with {"name": "..."}, or billtrail person change ${personId} --name NAME`,
    { personId },
  );
}

function roleNotHeld({ id, roles }: Person, role: Role): Refusal {
  return refuse(
    'RoleNotHeld',
    `The person ${id} has ${roles.length === 0 ? 'no roles' : `the roles ${roles.join(', ')}`}, not ${role}.`,
    `Make a key with one of these roles, or give them the role: POST /v1/persons/${id}/details`,
    { personId: id, role, roles },
  );
}

function keyEnded(keyId: string): Refusal {
  return refuse(
    'KeyEnded',
    `The key ${keyId} is revoked: nothing can take its place.`,
    'Make another key of the person: POST /v1/persons/{personId}/keys',
    { keyId },
  );
}

function keyShownOnce({ personId, stream, position }: RecordedOfPerson): Refusal {
  return refuse(
    'KeyShownOnce',
    `This request has made a key of ${personId}, and a key is shown once.`,
    'If it was lost, revoke it and make another under a new Idempotency-Key: GET /v1/keys lists them, the newest last',
    { personId, stream, position: String(position) },
  );
}

function firstKeyForAdmin(role: Role): Refusal {
  return refuse(
    'FirstKeyForAdmin',
    `The first key makes the key of an admin, who makes all others: not one with the role ${role}.`,
    'Make a key with the role admin first, of yourself, and go on with that',
    { role },
  );
}

function firstKeySpent(): Refusal {
  return refuse(
    'FirstKeySpent',
    'The first key was spent by another request at the same moment: no key was made.',
    'Go on with the key that the other request has made',
  );
}

function clientRoleAlone(): Refusal {
  return refuse(
    'ClientRoleAlone',
    "A client's user has the role client and no other.",
    'Leave the other roles out, or register two persons',
  );
}

function clientMissing(): Refusal {
  return refuse('ClientMissing', "A client's user is the user of one client.", 'Name the client: clientId');
}

function clientNeedsRole(): Refusal {
  return refuse(
    'ClientNotOfRole',
    'Only users with the role client belong to a client.',
    'Leave clientId out, or give them the role client alone',
  );
}
