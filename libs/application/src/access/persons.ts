import { randomBytes } from 'node:crypto';
import { compareTexts, isRefusal, type Instant, type Refusal, type Role, PERSON_CATEGORY } from '@billtrail/kernel';
import { streamName, withinBounds, type EventStore, type RecordedEvent, type StreamName } from '@billtrail/event-store';
import type { ApiKey, Person, SignInEnding, Vault } from '@billtrail/vault';
import { clientOf } from '../commands/references.js';
import type { Access } from './access.js';
import { keyStronger, termsOf } from './key-strength.js';
import { FIRST_PERSON, HOURS_OF_A_DAY, hasCome, hoursLater, keyUnknown, newKey } from './keys.js';
import {
  clientMissing,
  clientNeedsRole,
  clientRoleAlone,
  firstKeyForAdmin,
  firstKeySpent,
  idReserved,
  keyEnded,
  keyNotMade,
  keyShownOnce,
  lastAdminKey,
  personTaken,
  personUnknown,
  personUnnamed,
  roleNotHeld,
} from './person-refusals.js';
import { isReserved } from './person-ids.js';
import type { ChangePerson, MakeKey, RegisterPerson } from './persons.commands.js';
import {
  recordOfPerson,
  timeOfAccess,
  type AskedBy,
  type PersonEventRecorded,
  type RecordedOfPerson,
} from './record-of-person.js';

const ID_BYTES = 6;
/** A key, as it is told: by its id, never by what it is known by. */
export interface KeyTold extends Omit<ApiKey, 'id' | 'hash'> {
  readonly keyId: string;
}

/** A person, as they are told. */
interface PersonStated extends Omit<Person, 'id' | 'version'> {
  readonly personId: string;
}

/** A person with their keys, as the vault tells them. */
interface PersonKept extends PersonStated {
  readonly keys: readonly KeyTold[];
}

/** A person with their keys, and who has vouched for them. */
interface PersonTold extends PersonKept {
  /** Who registered them or made them a key, each with the last time: such a one could act as them. */
  readonly keyedBy: readonly { readonly actorId: string; readonly at: Instant }[];
}

/** A person who was registered. */
interface RegisteredPerson extends RecordedOfPerson {
  /** All that they have now: who of the organisation is named first is the admin whose the first key is, whatever else was asked for. */
  readonly roles: readonly Role[];
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

  /** null: there is none. The log is not asked. */
  async kept(personId: string): Promise<PersonKept | null> {
    const person = await this.vault.person(personId);
    return person && { ...stated(person), keys: (await this.keys()).filter((key) => key.personId === personId) };
  }

  /** null: there is none. */
  async told(personId: string): Promise<PersonTold | null> {
    const kept = await this.kept(personId);
    if (kept === null) return null;
    const { events } = await withinBounds(this.log).readStream(streamName(PERSON_CATEGORY, personId));
    const last = new Map<string, Instant>();
    for (const { type, actor, occurredAt } of events)
      if (type !== 'PersonChanged' && actor.id !== personId) last.set(actor.id, occurredAt);
    const keyedBy = [...last].map(([actorId, at]) => ({ actorId, at }));
    return {
      ...kept,
      keyedBy: keyedBy.sort((one, other) => compareTexts(one.actorId, other.actorId)),
    };
  }

  /** Refuses PersonTaken, PersonIdReserved, ClientRoleAlone, ClientNotFound. The first of the organisation who is named is the one whose the first key is. */
  async register(command: RegisterPerson, by: AskedBy): Promise<RegisteredPerson | Refusal> {
    const { name, email = null, roles, clientId = null } = command;
    const personId = command.personId ?? ((await this.isFirst(command)) ? FIRST_PERSON : newId());
    // Two servers don't see yet what the other's vault takes; the log does.
    const takes = { key: idClaim(personId), taken: () => personTaken(personId) };
    const asked = { personId, asked: { ...command }, takes };
    const done = await this.recorded('RegisterPerson', asked, by, async (id) => {
      if (isReserved(id)) return idReserved(id);
      const alike = (await this.vault.persons()).filter((one) => one.id.toLowerCase() === id.toLowerCase());
      const held = alike.find((one) => one.id === id);
      const taken = alike.find((one) => one !== held || one.name !== null);
      if (taken !== undefined) return personTaken(taken.id);
      // What keys of an earlier version have made them stays theirs.
      const all = [...new Set([...(held?.roles ?? []), ...roles])];
      const problem = await this.roleProblem(id, all, clientId);
      return problem ?? { type: 'PersonRegistered', data: { personId: id, roles: all, clientId } };
    });
    if (isRefusal(done)) return done;
    const { recorded, event } = done;
    const { personId: id, version, at: registeredAt } = recorded;
    const held = rolesIn(event) ?? roles;
    await this.vault.savePerson({ id, name, email, roles: held, clientId, registeredAt, version });
    return { ...recorded, roles: held };
  }

  /** Refuses PersonUnknown, ClientRoleAlone, LastAdminKey. Keys whose role is taken away are revoked, by events, so that an older vault revokes them too. */
  async change(personId: string, command: ChangePerson, by: AskedBy): Promise<RecordedOfPerson | Refusal> {
    const done = await this.record('ChangePerson', personId, { personId, ...command }, by, async (id, events) => {
      const held = await this.vault.person(id);
      if (held === null) return personUnknown(id);
      const roles = command.roles ?? lastRoles(events) ?? held.roles;
      const problem = command.roles
        ? ((await this.roleProblem(id, roles, held.clientId)) ??
          (await this.endUnlessLastAdmin({ personId: id, keeps: roles })))
        : null;
      return problem ?? { type: 'PersonChanged', data: { personId: id, roles } };
    });
    if (isRefusal(done)) return done;
    const { recorded } = done;
    const now = await this.vault.changePerson(recorded.personId, recorded.version, command);
    if (now === null) return personUnknown(personId);
    // By what holds now: where this is sent again, another change may have come after it.
    for (const key of await this.vault.keys())
      if (key.personId === now.id && key.revokedAt === null && !now.roles.includes(key.role))
        await this.access.revokeKey(key.id, by.actor, this.clock());
    return recorded;
  }

  /**
   * Makes a key of a person who is named; the first such key spends the first key of the installation. Refuses PersonUnknown, PersonUnnamed, RoleNotHeld,
   * KeyStronger, FirstKeyForAdmin, FirstKeySpent, KeyShownOnce, KeyNotMade.
   */
  async makeKey(personId: string, command: MakeKey, by: AskedBy): Promise<MadeKeyOf | Refusal> {
    return this.make(personId, { ...command }, command, null, by);
  }

  /** A key in the place of another one, which is revoked. By an admin, or the person whose it is. Refuses KeyUnknown, KeyEnded, KeyStronger, PersonUnnamed, KeyShownOnce, KeyNotMade. */
  async rotateKey(keyId: string, by: AskedBy): Promise<MadeKeyOf | Refusal> {
    const key = await this.keyFor(keyId, by);
    if (isRefusal(key)) return key;
    const made = await this.make(key.personId, { keyId }, termsOf(key), key, by);
    if (isRefusal(made) && made.code !== 'KeyShownOnce') return made;
    const revoked = await this.access.revokeKey(keyId, by.actor, this.clock());
    return isRefusal(revoked) ? revoked : made;
  }

  /** By an admin, or the person whose it is. Refuses KeyUnknown, LastAdminKey. */
  async revokeKey(keyId: string, by: AskedBy) {
    const key = await this.keyFor(keyId, by);
    if (isRefusal(key)) return key;
    const at = this.clock();
    const problem = await this.endUnlessLastAdmin({ keyId, revokedAt: await timeOfAccess(this.log, at) });
    return problem ?? this.access.revokeKey(keyId, by.actor, at);
  }

  /**
   * Refuses LastAdminKey where nobody could sign in as an admin then who can now. Two who each end the sign-in of the other at once are told one after the other by the vault,
   * which takes it before the log does: nothing that the log could decide later keeps an admin.
   */
  private async endUnlessLastAdmin(ending: SignInEnding): Promise<Refusal | null> {
    const at = this.clock();
    const last = await this.vault.endUnlessLast(ending, (key) => isWholeAdmin(key) && !hasCome(key.expiresAt, at));
    return last && lastAdminKey(last);
  }

  private async make(
    personId: string,
    asked: object,
    terms: MakeKey,
    replaced: ApiKey | null,
    by: AskedBy,
  ): Promise<MadeKeyOf | Refusal> {
    const { role, scope = [], readOnly, ratePerMinute, expiresInDays } = terms;
    const stronger = keyStronger(by, terms);
    if (stronger !== null) return stronger;
    const { key, keyId, hash } = newKey();
    const done = await this.record('MakeKey', personId, { personId, ...asked }, by, async (id) => {
      const held = await this.vault.person(id);
      if (held === null) return personUnknown(id);
      if (held.name === null) return personUnnamed(id);
      if (replaced !== null && (await this.keyNow(replaced.id))?.revokedAt !== null) return keyEnded(replaced.id);
      if (!held.roles.includes(role)) return roleNotHeld(held, role);
      if (by.key?.isFirst === true && role !== 'admin') return firstKeyForAdmin(role);
      return { type: 'KeyMade', data: { personId: id, keyId, role, replaces: replaced?.id ?? null } };
    });
    if (isRefusal(done)) return done;
    const { recorded, event } = done;
    if (recorded.repeated) return this.madeBefore(recorded, event);
    // By the clock by which it is looked at, also where that is not the log's.
    const at = this.clock();
    const expiresAt = hoursLater(at, expiresInDays * HOURS_OF_A_DAY);
    const limited = ratePerMinute === undefined ? {} : { ratePerMinute };
    const made = { personId, hash, role, scope, readOnly, createdAt: at, expiresAt, ...limited };
    if (replaced === null) await this.vault.addKeys([made]);
    else if (!(await this.vault.replaceKey({ keyId: replaced.id, revokedAt: recorded.at }, made)))
      return keyEnded(replaced.id);
    const undone = (await this.roleTaken(personId, role)) ?? (await this.spendFirstKeys(by, replaced));
    if (undone === null) return { ...recorded, keyId, key, role, expiresAt };
    await this.access.revokeKey(keyId, by.actor, at);
    return undone;
  }

  /** What a request is told that has made a key before: where the vault has not taken it, nobody holds it. */
  private async madeBefore(recorded: RecordedOfPerson, { data }: PersonEventRecorded['event']): Promise<Refusal> {
    const keyId = 'keyId' in data ? data.keyId : '';
    return (await this.keyNow(keyId)) === null ? keyNotMade(recorded) : keyShownOnce(recorded, keyId);
  }

  /** The role may have been taken away while the key was made: whoever takes it away revokes the keys that are there by then. */
  private async roleTaken(personId: string, role: Role): Promise<Refusal | null> {
    const held = await this.vault.person(personId);
    if (held === null) return personUnknown(personId);
    return held.roles.includes(role) ? null : roleNotHeld(held, role);
  }

  /** Of two who spend one at the same moment, one does. */
  private async spendFirstKeys({ actor, key: own }: AskedBy, replaced: ApiKey | null): Promise<Refusal | null> {
    for (const { id, isFirst, revokedAt } of await this.vault.keys()) {
      if (!isFirst) continue;
      const before = revokedAt !== null;
      const revoked = before ? null : await this.access.revokeKey(id, actor, this.clock());
      const isSpent = before || revoked === null || isRefusal(revoked) || revoked.repeated;
      if (id === own?.id && id !== replaced?.id && isSpent) return firstKeySpent();
    }
    return null;
  }

  private record(
    name: string,
    personId: string,
    asked: object,
    by: AskedBy,
    decide: Parameters<typeof recordOfPerson>[4],
  ): Promise<PersonEventRecorded | Refusal> {
    return this.recorded(name, { personId, asked }, by, decide);
  }

  private recorded(
    name: string,
    given: Omit<Parameters<typeof recordOfPerson>[2], 'now'>,
    by: AskedBy,
    decide: Parameters<typeof recordOfPerson>[4],
  ): Promise<PersonEventRecorded | Refusal> {
    return recordOfPerson({ log: this.log, vault: this.vault }, name, { ...given, now: this.clock() }, by, decide);
  }

  /** Somebody else's is not there. */
  private async keyFor(keyId: string, { actor }: AskedBy): Promise<ApiKey | Refusal> {
    const key = await this.keyNow(keyId);
    return key !== null && (actor.role === 'admin' || actor.id === key.personId) ? key : keyUnknown(keyId);
  }

  private async keyNow(keyId: string): Promise<ApiKey | null> {
    return (await this.vault.keys()).find(({ id }) => id === keyId) ?? null;
  }

  /** A client's user is none of the organisation, and may come before its first person. */
  private async isFirst({ roles }: RegisterPerson): Promise<boolean> {
    if (roles.includes('client')) return false;
    return !(await this.vault.persons()).some(({ name, clientId }) => name !== null && clientId === null);
  }

  private async roleProblem(id: string, roles: readonly Role[], clientId: string | null): Promise<Refusal | null> {
    const isUser = roles.includes('client');
    if (isUser && roles.length > 1) return clientRoleAlone(id, roles);
    if (isUser !== (clientId !== null) && (isUser || roles.length > 0))
      return isUser ? clientMissing() : clientNeedsRole();
    if (clientId === null) return null;
    const client = await clientOf(this.log, clientId);
    return isRefusal(client) ? client : null;
  }
}

/** With it an admin sees to persons and keys. The first key is spent by any other. */
function isWholeAdmin({ role, isFirst, readOnly, scope }: ApiKey): boolean {
  return role === 'admin' && !isFirst && !readOnly && (scope.length === 0 || scope.includes('persons'));
}

function stated(person: Person): PersonStated {
  const { id: personId, version: _, ...rest } = person;
  return { personId, ...rest };
}

function keyTold(one: ApiKey): KeyTold {
  const { id: keyId, hash: _, ...key } = one;
  return { keyId, ...key };
}

function rolesIn({ data }: { readonly data: object }): readonly Role[] | undefined {
  return 'roles' in data ? (data as { readonly roles: readonly Role[] }).roles : undefined;
}

/** As they were stated last; undefined: nothing is recorded of them. */
function lastRoles(events: readonly RecordedEvent[]): readonly Role[] | undefined {
  return events.map(rolesIn).findLast((roles) => roles !== undefined);
}

/** What takes an id for good, in whatever letters. */
function idClaim(personId: string): StreamName {
  return streamName('personid', personId.toLowerCase());
}

function newId(): string {
  return `p-${randomBytes(ID_BYTES).toString('hex')}`;
}
