import type { Instant, Role } from '@billtrail/kernel';
import type { KeysByStream, Position, PositionNumber, StreamName } from '@billtrail/event-store';
import type { NumbersGiven } from './access-events.js';
import type { GateShut, KeptHome, LastNumber, Place } from './home.js';
import type { VaultSetBack, VaultUnavailable } from './vault-unavailable.js';

/** A human with one identity, whatever keys they hold. Name and e-mail stand nowhere else. */
export interface Person {
  /** Opaque: the actor of what they do. */
  readonly id: string;
  /** null: to be named. Their key is from before there were persons, or it is the first one. */
  readonly name: string | null;
  readonly email: string | null;
  /** Which their keys may have; none: they may do nothing any more. */
  readonly roles: readonly Role[];
  /** Whose user they are; null: they work for the organisation. */
  readonly clientId: string | null;
  readonly registeredAt: Instant;
  /** Version of their stream in the log that this is of; 0: nothing is recorded of them yet. */
  readonly version: number;
}

/** What may be stated anew of a person; what is left out stays as it is. */
export type StatedOfPerson = Partial<Pick<Person, 'name' | 'email' | 'roles'>>;

/** A key of the API, as it is kept: whose it is, never the key itself. */
export interface ApiKey {
  /** Names the key without telling it ({@link keyIdOf}). */
  readonly id: string;
  /** SHA-256 of the key, base64url. A key has 256 random bits, so a fast hash is enough. */
  readonly hash: string;
  readonly personId: string;
  /** One of the person's. */
  readonly role: Role;
  /** The parts of the API that it reaches, by the part of their paths after the version; none: all. */
  readonly scope: readonly string[];
  /** It records nothing. */
  readonly readOnly: boolean;
  /** Requests that it may send in a minute; null: as many as it likes. */
  readonly ratePerMinute: number | null;
  /** The key of a new installation, until the first named person has one. */
  readonly isFirst: boolean;
  readonly createdAt: Instant;
  /** From then on it signs nobody in; null: never. */
  readonly expiresAt: Instant | null;
  /** When it was used last, to the minute; null: never. */
  readonly lastUsedAt: Instant | null;
  /** Since when it signs nobody in; null: it does. */
  readonly revokedAt: Instant | null;
}

export type NewApiKey = Pick<ApiKey, 'hash' | 'personId' | 'role' | 'createdAt'> &
  Partial<Pick<ApiKey, 'scope' | 'readOnly' | 'ratePerMinute' | 'isFirst' | 'expiresAt'>>;

/** What was counted of a key in its present minute. */
export interface RequestsOfMinute {
  readonly count: number;
  /** When the minute ends, in milliseconds. */
  readonly untilMs: number;
}

/** A key, and whose it is. */
export interface KeyOfPerson extends ApiKey {
  readonly person: Person;
}

/** A key of a stream, as a vault holds it. */
export interface HeldStreamKey {
  readonly stream: StreamName;
  /** The position at which the loss of the one before was told; 0: it is the first. */
  readonly afterLoss: number;
  readonly key: Buffer;
}

/** All keys of one vault, and the persons whose they are. */
export interface HeldKeys {
  readonly persons: readonly Person[];
  readonly apiKeys: readonly ApiKey[];
  readonly streamKeys: readonly HeldStreamKey[];
}

/** What a vault has taken of the keys of another copy. */
export interface TakenKeys {
  readonly apiKeys: number;
  readonly streamKeys: number;
  /** Keys of streams that stay out, for this vault holds another one in their place. */
  readonly otherKeys: number;
}

/** That a key was revoked. The log says so, and the vault follows it. */
export interface KeyRevocation {
  readonly keyId: string;
  readonly revokedAt: Instant;
}

/** What keeps somebody from signing in: a key that is revoked, or a person who keeps these of their roles. */
export type SignInEnding = KeyRevocation | { readonly personId: string; readonly keeps: readonly Role[] };

/** That the keys of a stream are gone for good, as far as they are not held. The log says so, and the vault follows it. */
export interface StreamKeyLoss {
  readonly stream: StreamName;
  /** The position at which it was said: it is about what was sealed before. */
  readonly upTo: PositionNumber;
}

/** What a secret is for: `read-models`, the key under which money facts in read models are compared; `requests`, that under which what was asked of persons is told from another request. */
export type SecretName = 'read-models' | 'requests';

/** That the log was adopted. The log says so, and the vault follows it. */
export interface LogAdoption {
  readonly logId: string;
  readonly home: string;
  /** Id of the shut gate that it opens. */
  readonly opens: string;
  readonly numbers: readonly NumbersGiven[];
  readonly position: Position;
}

/** What the vault takes from a stretch of the log. */
export interface Followed {
  readonly revocations: readonly KeyRevocation[];
  readonly losses: readonly StreamKeyLoss[];
  /** Absent: none. */
  readonly adoptions?: readonly LogAdoption[];
  /** Up to where. */
  readonly checkpoint: Position;
}

/**
 * What is secret, or must be the same for all processes, and is no fact of the business. It decides no business command: who did what is in the log.
 * Each method is one transaction, and is on the disk when its promise resolves. All throw {@link VaultUnavailable}.
 */
export interface Vault {
  /** Makes a person, or takes what is stated of them anew; what is of an earlier version of their stream changes nothing. */
  savePerson(person: Person): Promise<void>;
  /**
   * Takes what a version of a person's stream states, and leaves the rest; what a later version has stated stays. So changes that are taken in another order than
   * they were recorded in, or twice, lose nothing. Gives the person as they are then; null: there is none.
   */
  changePerson(id: string, version: number, stated: StatedOfPerson): Promise<Person | null>;
  /** null: there is none with this id. */
  person(id: string): Promise<Person | null>;
  /** All persons, by their ids. */
  persons(): Promise<readonly Person[]>;
  /**
   * Adds keys. One whose hash is there already stays as it is, so that adding again changes nothing. A person who is not there yet is there from then on, to be
   * named, with the roles of their keys; one of whom something is recorded keeps the roles that were stated.
   */
  addKeys(keys: readonly NewApiKey[]): Promise<void>;
  /** Adds the first key of an installation where nobody has a key but first ones that have ended by the time it is made. Of several processes one does. false: there is another. */
  addFirstKey(key: NewApiKey): Promise<boolean>;
  /** Adds a key in the place of another one, which is revoked by that. false: it is revoked already, and nothing is added. */
  replaceKey(replaced: KeyRevocation, key: NewApiKey): Promise<boolean>;
  /**
   * Revokes a key, or takes all roles from a person but those that they keep, unless that ends the last sign-in of a kind: of several processes one decides after
   * the other. `isOfKind`: the keys that are looked at, of those that sign in. Gives such a key that would be the last, and then nothing has changed; null: it is done.
   */
  endUnlessLast(ending: SignInEnding, isOfKind: (key: ApiKey) => boolean): Promise<ApiKey | null>;
  /** The key with this hash, with what other processes have done to it until now; null: there is none. @throws VaultSetBack */
  keyWith(hash: string): Promise<KeyOfPerson | null>;
  /** Notes that a key was used. */
  noteUse(keyId: string, at: Instant): Promise<void>;
  /** Counts one more request of a key within the minute that began with the first of it, by all processes together. `nowMs` is the caller's clock, in milliseconds. */
  countRequest(keyId: string, nowMs: number): Promise<RequestsOfMinute>;
  /** All keys, the oldest first. */
  keys(): Promise<readonly ApiKey[]>;
  /** The keys of streams. One that has none, and of which none was lost, is not among them. */
  streamKeys(streams: readonly StreamName[]): Promise<KeysByStream>;
  /** The keys of streams; those that have none get one. Of processes that make one at the same time the first wins, and all get the same. */
  makeStreamKeys(streams: readonly StreamName[]): Promise<KeysByStream>;
  /** All that it holds, to be merged into another copy of it. */
  heldKeys(): Promise<HeldKeys>;
  /**
   * Takes those keys of another copy that it lacks; one that is revoked here or there stays out. Every process that has the vault open takes it for set back then
   * ({@link onSetBack}), and looks anew which keys are missing.
   */
  takeKeys(held: HeldKeys): Promise<TakenKeys>;
  /**
   * Goes back to the start of another log, or of this one as it was restored: no loss holds there that is not said there. Revocations stand. The gate is shut:
   * numbers may have been given that this log lacks.
   */
  startAnew(): Promise<void>;
  /** What is kept of the home of the log. */
  home(): Promise<KeptHome>;
  /** Takes a place as the home of the log where none was taken yet, and states the id of a log that had no event before. */
  takeHome(place: Place, logId: string | null): Promise<void>;
  /** Shuts the gate anew, so that nothing that the log holds already opens it. `moved` and `new-vault` leave one that is shut as it is. Gives how it is shut. */
  shutGate(shut: Omit<GateShut, 'id'>): Promise<GateShut>;
  /** What the place is that adopts the log: it becomes its home with the event that says so. */
  noteAdopter(place: Place): Promise<void>;
  /** Notes a number before its document is issued, so that a log that lacks it is known; one that is lower changes nothing. */
  noteNumber(last: LastNumber): Promise<void>;
  /** A secret of Billtrail's own, 32 random bytes: made when it is first asked for, and the same for all processes from then on. */
  secret(name: SecretName): Promise<Buffer>;
  /** Up to where it has followed the log, as a place in that log; at the start where it has followed none. */
  checkpoint(): Promise<Position>;
  /**
   * Takes over a stretch of the log and moves the checkpoint. A revocation stands for good, also for a key that comes into the vault later, as from an older
   * file. Taken over twice, it changes nothing.
   */
  follow(followed: Followed): Promise<void>;
  /**
   * Calls back when it turns out that the vault was set back to an older state, or its file exchanged, since this process looked last: each look for a key and each
   * write sees it. From then on both are refused (`VaultSetBack`) until {@link takeAsItIs}.
   */
  onSetBack(listener: (error: VaultSetBack) => void): void;
  /** Goes on with the vault as it is now. Whoever calls this follows the log from its checkpoint. */
  takeAsItIs(): Promise<void>;
  /** Why nothing that is written into it lasts, as of a file that was removed or exchanged while it is open; null: it lasts. A write is refused with it. */
  lost(): VaultUnavailable | null;
  /** Doing it twice does nothing. */
  close(): Promise<void>;
}
