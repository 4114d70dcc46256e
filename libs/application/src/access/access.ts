import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { refuse, type Actor, type Instant, type Refusal, type Role } from '@billtrail/kernel';
import {
  ClockSuspect,
  recordingTime,
  streamName,
  type EventStore,
  type Position,
  type StreamName,
} from '@billtrail/event-store';
import {
  ACCESS_CATEGORY,
  keyIdOf,
  LOST_KEYS,
  type ApiKey,
  type KeyRevoked,
  type LogFollower,
  type StreamKeysLost,
  type Vault,
} from '@billtrail/vault';

const PREFIX = 'bt_';
/** Of one event: with the longest names it is half of what the log takes in one. */
const LOST_IN_ONE_EVENT = 2_000;

export interface MadeKey {
  /** Names it from now on. */
  readonly keyId: string;
  /** The key itself. It can't be shown again. */
  readonly key: string;
}

export interface RevokedKey {
  readonly keyId: string;
  readonly position: Position;
  /** It had been revoked already. */
  readonly repeated: boolean;
}

/** Makes an API key, of 256 random bits. The vault keeps its hash. @throws VaultUnavailable */
export async function makeKey(vault: Vault, actorId: string, role: Role, at: Instant): Promise<MadeKey> {
  const key = PREFIX + randomBytes(32).toString('base64url');
  const hash = hashOf(key);
  await vault.addKeys([{ actorId, role, hash, createdAt: at }]);
  return { key, keyId: keyIdOf(hash) };
}

/** Who may sign in: the keys in the vault, and what the log says of them. */
export class Access {
  constructor(
    private readonly vault: Vault,
    private readonly log: Pick<EventStore, 'append' | 'newest'>,
    private readonly follower: LogFollower,
  ) {}

  /**
   * Whose a key is, and whether it was revoked; null: it is none of ours. What another process has made or revoked is known as soon as it is in the vault.
   * @throws VaultUnavailable; UnknownStoredEvent or StoreUnavailable where the log may have revoked keys that nobody can know of
   */
  async keyOf(key: string): Promise<ApiKey | null> {
    const trouble = this.follower.trouble();
    if (trouble !== null) throw trouble;
    return key.startsWith(PREFIX) ? this.vault.keyWith(hashOf(key)) : null;
  }

  keys(): Promise<readonly ApiKey[]> {
    return this.vault.keys();
  }

  /**
   * Revokes a key, at once and for good: in the vault first, so that it signs nobody in even where the log can't be written, and by an event, so that a vault
   * restored from an older copy revokes it again. A suspect clock does not keep it from being recorded. Where it fails in between, doing it again completes it.
   */
  async revokeKey(keyId: string, by: Actor, at: Instant): Promise<RevokedKey | Refusal> {
    if (!(await this.keys()).some(({ id }) => id === keyId))
      return refuse('KeyUnknown', `No key with id ${keyId}.`, 'See the keys and their ids: billtrail key list', {
        keyId,
      });
    const last = (await this.log.newest())?.recordedAt ?? null;
    const time = recordingTime(at, last);
    const occurredAt = time instanceof ClockSuspect ? time.last : at;
    await this.follower.revoke({ keyId, revokedAt: occurredAt });
    const revoked: KeyRevoked = { type: 'KeyRevoked', data: { keyId }, occurredAt };
    const { position, repeated } = await this.log.append({
      stream: streamName(ACCESS_CATEGORY, keyId),
      expected: 'any',
      events: [revoked],
      actor: by,
      // Whoever revokes it, and whenever: it is revoked once.
      commandId: `revoke-${keyId}`,
      fingerprint: 'revoke',
      correlationId: `revoke-${keyId}`,
      causationId: null,
      needsNoClock: true,
    });
    await this.follower.catchUp();
    return { keyId, position, repeated };
  }

  /** Whose keys the vault lacks, and nobody has accepted as lost. @throws where the log could not be read to its end */
  missingStreamKeys(): readonly StreamName[] {
    const trouble = this.follower.trouble();
    if (trouble !== null) throw trouble;
    return this.follower.incomplete()?.streams ?? [];
  }

  /** Says that the keys of streams which the vault lacks are gone for good, and lets it make new ones again. Gives the streams. */
  async acceptLostKeys(by: Actor, at: Instant): Promise<readonly StreamName[]> {
    const lost = this.missingStreamKeys();
    for (let from = 0; from < lost.length; from += LOST_IN_ONE_EVENT) {
      const streams = lost.slice(from, from + LOST_IN_ONE_EVENT);
      const accepted: StreamKeysLost = { type: 'StreamKeysLost', data: { streams }, occurredAt: at };
      const commandId = `accept-${randomUUID()}`;
      await this.log.append({
        stream: streamName(ACCESS_CATEGORY, LOST_KEYS),
        expected: 'any',
        events: [accepted],
        actor: by,
        commandId,
        fingerprint: 'accept',
        correlationId: commandId,
        causationId: null,
      });
    }
    await this.follower.catchUp();
    return lost;
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
