import { setTimeout as pause } from 'node:timers/promises';
import {
  PositionUnknown,
  START,
  StoreUnavailable,
  UnknownStoredEvent,
  type AllSlice,
  type EventStore,
  type Position,
} from '@billtrail/event-store';
import { ACCESS_CATEGORY, type KeyRevoked } from './access-events.js';
import type { KeyRevocation, Vault } from './port.js';
import { VaultUnavailable } from './vault-unavailable.js';

/** The checkpoint is written where something was taken over, and otherwise after so many slices, and at the end. */
const SAVE_AFTER_SLICES = 1_000;
const READ_AT_ONCE = 5_000;
/** Between two tries where the vault or the log could not be used. */
const RETRY_MS = 1_000;

/** What it reads of the log. */
type Log = Pick<EventStore, 'readAll' | 'subscribe' | 'eventAt'>;

/**
 * Lets the vault follow the log: what the log says of keys is folded into it, from its checkpoint on. A vault that was restored from an older copy so loses
 * its revived keys before anyone signs in.
 */
export class LogFollower {
  private slicesUnsaved = 0;
  private failed: VaultUnavailable | UnknownStoredEvent | null = null;

  private constructor(
    private readonly vault: Vault,
    private readonly log: Log,
    private position: Position,
    /** The vault had followed another log, or this one before it was restored. It follows this one from its start; what was revoked stays revoked. */
    readonly hadAnotherLog: boolean,
  ) {}

  /** Follows to the end of the log. An event that is not known is {@link trouble}; of a damaged log the vault keeps what it has. @throws VaultUnavailable */
  static async start(vault: Vault, log: Log): Promise<LogFollower> {
    const checkpoint = await vault.checkpoint();
    const isOfThisLog = await isIn(log, checkpoint);
    const follower = new LogFollower(vault, log, isOfThisLog ? checkpoint : START, !isOfThisLog);
    if (!isOfThisLog) await vault.follow({ revocations: [], checkpoint: START });
    try {
      await follower.catchUp();
    } catch (error) {
      if (error instanceof UnknownStoredEvent) follower.failed = error;
      else if (!(error instanceof StoreUnavailable)) throw error;
    }
    return follower;
  }

  /** Why nobody may sign in: what the log says of keys can't be known, or not be kept; null: all is well. It heals by itself. */
  trouble(): VaultUnavailable | UnknownStoredEvent | null {
    return this.failed;
  }

  /** To the present end of the log. @throws VaultUnavailable, UnknownStoredEvent, StoreUnavailable */
  async catchUp(): Promise<void> {
    for (let after = this.position; ;) {
      const slice = await this.log.readAll({ after, limit: READ_AT_ONCE, categories: [ACCESS_CATEGORY] });
      await this.take(slice);
      if (slice.atEnd) return;
      after = slice.next;
    }
  }

  /** As the log grows, until the signal aborts. What goes wrong meanwhile is {@link trouble}, and tried again. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.followOn(signal);
        return;
      } catch (error) {
        if (error instanceof VaultUnavailable || error instanceof UnknownStoredEvent) this.failed = error;
        else if (error instanceof PositionUnknown) this.failed = putBack(error);
        // Whoever reads the log tells why it can't be read.
        else if (!(error instanceof StoreUnavailable)) throw error;
      }
      await pause(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Keeps how far it has come, so that the next start reads only on from there. */
  async save(): Promise<void> {
    if (this.slicesUnsaved > 0) await this.write([], this.position);
  }

  private async followOn(signal: AbortSignal): Promise<void> {
    const slices = this.log.subscribe({ after: this.position, categories: [ACCESS_CATEGORY], signal });
    for await (const slice of slices) {
      await this.take(slice);
      this.failed = null;
    }
  }

  private async take({ events, next }: AllSlice): Promise<void> {
    const revocations = events.map((event) => {
      if (event.unknown !== undefined) throw new UnknownStoredEvent(event.stream, event.unknown);
      const { data, occurredAt } = event as unknown as KeyRevoked;
      return { keyId: data.keyId, revokedAt: occurredAt };
    });
    const isFurther = next.isAfter(this.position);
    // What another slice has gone beyond already is folded once more, which changes nothing.
    const reached = isFurther ? next : this.position;
    if (revocations.length > 0 || this.slicesUnsaved >= SAVE_AFTER_SLICES) await this.write(revocations, reached);
    else if (isFurther) this.slicesUnsaved++;
    // Only now: what could not be taken over is read again.
    if (next.isAfter(this.position)) this.position = next;
  }

  private async write(revocations: readonly KeyRevocation[], checkpoint: Position): Promise<void> {
    await this.vault.follow({ revocations, checkpoint });
    this.slicesUnsaved = 0;
  }
}

async function isIn(log: Log, position: Position): Promise<boolean> {
  try {
    await log.eventAt(position);
    return true;
  } catch (error) {
    if (error instanceof PositionUnknown) return false;
    // A damaged log tells nothing.
    if (error instanceof StoreUnavailable) return true;
    throw error;
  }
}

function putBack(cause: PositionUnknown): VaultUnavailable {
  return new VaultUnavailable(
    'the log does not hold any more what the vault has followed',
    'Start the server again: the vault follows the log from its start then',
    { cause },
  );
}
