import { randomUUID } from 'node:crypto';
import { isRefusal, type Actor, type Instant, type Refusal } from '@billtrail/kernel';
import { streamName, type EventStore, type Position, type StreamName } from '@billtrail/event-store';
import {
  ACCESS_CATEGORY,
  LOST_KEYS,
  type ApiKey,
  type KeyRevoked,
  type LogFollower,
  type StreamKeysLost,
  VaultUnavailable,
  type Vault,
} from '@billtrail/vault';
import { hashOf, keyUnknown, looksLikeAKey } from './keys.js';
import { timeOfAccess } from './record-of-person.js';
import { signedIn, type SignedIn } from './sign-in.js';

/** Of one event: with the longest names it is half of what the log takes in one. */
const LOST_IN_ONE_EVENT = 2_000;
const MILLISECONDS_OF_A_MINUTE = 60_000;
const MILLISECONDS_OF_A_SECOND = 1_000;

export interface RevokedKey {
  readonly keyId: string;
  readonly position: Position;
  /** It had been revoked already. */
  readonly repeated: boolean;
}

/** Who may sign in: the keys in the vault, and what the log says of them. */
export class Access {
  /** Of which key it is being noted that it was used. */
  private readonly noting = new Map<string, Promise<void>>();
  private failed: unknown = null;

  constructor(
    private readonly vault: Vault,
    private readonly log: Pick<EventStore, 'append' | 'newest'>,
    private readonly follower: LogFollower,
  ) {}

  /**
   * Who acts with a key; refuses NotSignedIn. What another process has made or revoked is known as soon as it is in the vault.
   * @throws VaultUnavailable; UnknownStoredEvent or StoreUnavailable where the log may have revoked keys that nobody can know of
   */
  async signIn(key: string, at: Instant): Promise<SignedIn | Refusal> {
    const trouble = this.follower.trouble();
    if (trouble !== null) throw trouble;
    this.throwFailed();
    const found = signedIn(looksLikeAKey(key) ? await this.vault.keyWith(hashOf(key)) : null, at);
    if (!isRefusal(found)) this.noteUse(found.key, at);
    return found;
  }

  /** Seconds, rounded up, until a key may send requests again that has sent more than its rate within a minute, to whichever node; null: it may. */
  async tooOften({ id, ratePerMinute }: Pick<ApiKey, 'id' | 'ratePerMinute'>, at: Instant): Promise<number | null> {
    if (ratePerMinute === null) return null;
    const now = Date.parse(at);
    try {
      const { count, untilMs } = await this.vault.countRequest(id, now);
      return count > ratePerMinute ? Math.max(1, Math.ceil((untilMs - now) / MILLISECONDS_OF_A_SECOND)) : null;
    } catch (error) {
      // A vault that takes nothing, as on a full disk, keeps nobody from asking.
      if (error instanceof VaultUnavailable) return null;
      throw error;
    }
  }

  keys(): Promise<readonly ApiKey[]> {
    return this.vault.keys();
  }

  /**
   * Revokes a key, at once and for good: in the vault first, so that it signs nobody in even where the log can't be written, and by an event, so that a vault
   * restored from an older copy revokes it again. A suspect clock does not keep it from being recorded. Where it fails in between, doing it again completes it.
   */
  async revokeKey(keyId: string, by: Actor, at: Instant): Promise<RevokedKey | Refusal> {
    if (!(await this.keys()).some(({ id }) => id === keyId)) return keyUnknown(keyId);
    const occurredAt = await timeOfAccess(this.log, at);
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

  /** To the minute: a key that is used all the time is written once in it. Who signs in does not wait for a vault that takes nothing just then. */
  private noteUse({ id, lastUsedAt }: ApiKey, at: Instant): void {
    if (lastUsedAt !== null && Math.abs(Date.parse(at) - Date.parse(lastUsedAt)) < MILLISECONDS_OF_A_MINUTE) return;
    // Of many at once in a vault that takes nothing, one waits.
    if (this.noting.has(id)) return;
    const noted = this.vault
      .noteUse(id, at)
      .catch((error: unknown) => {
        if (!(error instanceof VaultUnavailable)) this.failed = error;
      })
      .finally(() => this.noting.delete(id));
    this.noting.set(id, noted);
  }

  /** Resolves when the vault has taken, or refused, what is on its way to it. Before the vault is closed. */
  async settled(): Promise<void> {
    await Promise.all(this.noting.values());
    this.throwFailed();
  }

  /** What went wrong while nobody waited for it is a bug, and told to whoever comes next. */
  private throwFailed(): void {
    const { failed } = this;
    this.failed = null;
    if (failed !== null) throw failed;
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
