import { setTimeout as pause } from 'node:timers/promises';
import {
  categoryOf,
  Position,
  PositionUnknown,
  START,
  StoreUnavailable,
  UnknownStoredEvent,
  type AllSlice,
  type EventStore,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import { ACCESS_CATEGORY, type AccessEvent } from './access-events.js';
import type { Followed, KeyRevocation, LogAdoption, StreamKeyLoss, Vault } from './port.js';
import { VaultIncomplete, VaultUnavailable, type VaultSetBack } from './vault-unavailable.js';

/** The checkpoint is written where something was taken over, and otherwise after so many slices, and at the end. */
const SAVE_AFTER_SLICES = 1_000;
const READ_AT_ONCE = 5_000;
/** Between two tries where the vault or the log could not be used. */
const RETRY_MS = 1_000;

/** What is taken over of a slice. */
interface Told {
  readonly revocations: KeyRevocation[];
  readonly losses: StreamKeyLoss[];
  readonly adoptions: LogAdoption[];
}
const NOTHING: Told = { revocations: [], losses: [], adoptions: [] };

/** Why nobody may sign in. */
export type FollowTrouble = VaultUnavailable | UnknownStoredEvent | StoreUnavailable;

/** What it reads of the log. */
type Log = Pick<EventStore, 'readAll' | 'subscribe' | 'eventAt'>;

/**
 * Lets the vault follow the log: what the log says of keys is folded into it, from its checkpoint on. A vault that was restored from an older copy so loses
 * its revived keys before anyone signs in, and which keys of streams it lacks is known before it makes new ones: up to its checkpoint it has those of all
 * streams, and from there on what is sealed is looked at.
 */
export class LogFollower {
  private slicesUnsaved = 0;
  private failed: FollowTrouble | null = null;
  /** It had come to the end of the log once: since it runs nobody can have revoked a key that the vault does not tell of. */
  private hasCaughtUp = false;
  /** The damage of the log at the start: the vault keeps what it has; null: there was none. */
  private damage: StoreUnavailable | null = null;
  /** Streams of which an event can't be opened, in the order of the log, without those whose loss was accepted later. */
  private readonly missing = new Set<StreamName>();

  private position = START;
  /** The checkpoint in the vault. It stays where keys are missing, so that the next start looks for them again. */
  private kept = START;
  private wasOfAnotherLog = false;
  private homes = 0;
  /** The vault is to be taken as it is, and the log followed from its checkpoint; false: this was done. */
  private mustBegin = true;
  /** Why it follows the log anew; null: it has reached its end since. */
  private setBack: VaultSetBack | null = null;
  /** Ends what waits for the log to grow. */
  private waiting = new AbortController();

  private constructor(
    private readonly vault: Vault,
    private readonly log: Log,
  ) {}

  /**
   * Follows to the end of the log. Where it can't be read now, or holds an event that is not known, that is {@link trouble}; beside a log that is
   * {@link damagedLog | damaged} the vault keeps what it has. @throws VaultUnavailable
   */
  static async start(vault: Vault, log: Log): Promise<LogFollower> {
    const follower = new LogFollower(vault, log);
    await follower.begin();
    vault.onSetBack((error) => follower.beginAnew(error));
    try {
      await follower.catchUp();
      // So a copy of the vault tells whose log it is of.
      await follower.save();
    } catch (error) {
      if (error instanceof VaultUnavailable) throw error;
      follower.note(error);
    }
    return follower;
  }

  /** The vault had followed another log, or this one before it was restored. It follows this one from its start; what was revoked stays revoked. */
  get hadAnotherLog(): boolean {
    return this.wasOfAnotherLog;
  }

  /** Another number than before: what the vault keeps of the home of the log may have changed since. */
  homeState(): number {
    return this.homes;
  }

  /** What is wrong with the log, for good: who may sign in is what the vault said before; null: nothing. */
  damagedLog(): StoreUnavailable | null {
    return this.damage;
  }

  /** Why nobody may sign in: what the log says of keys can't be known, or not be kept; null: all is well. It heals by itself. */
  trouble(): FollowTrouble | null {
    return this.failed;
  }

  /** Which keys of streams the vault lacks; null: none. It ends where they are accepted as lost, or at a start with the vault that holds them. */
  incomplete(): VaultIncomplete | null {
    return this.missing.size > 0 ? new VaultIncomplete([...this.missing]) : null;
  }

  /** Why the vault may make no key of a stream: it lacks others, or it is not known yet whether it does; null: it may. */
  makesNoKeys(): VaultUnavailable | null {
    if (this.missing.size > 0) return this.incomplete();
    if (this.setBack !== null) return this.setBack;
    if (this.hasCaughtUp || this.failed === null || this.failed instanceof VaultUnavailable) return null;
    return notReadYet(this.failed);
  }

  /** To the present end of the log. @throws VaultUnavailable, UnknownStoredEvent, StoreUnavailable */
  async catchUp(): Promise<void> {
    if (this.mustBegin) await this.begin();
    // What is sealed from then on is sealed under keys of this vault.
    const filter = this.hasCaughtUp ? { categories: [ACCESS_CATEGORY] } : {};
    for (let after = this.position; ;) {
      const slice = await this.log.readAll({ after, limit: READ_AT_ONCE, ...filter });
      await this.take(slice);
      if (slice.atEnd) break;
      after = slice.next;
    }
    if (this.mustBegin) return this.catchUp();
    this.hasCaughtUp = true;
    this.failed = null;
    this.setBack = null;
  }

  /** As the log grows, until the signal aborts. What goes wrong meanwhile is {@link trouble}, and tried again. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.waiting = new AbortController();
      try {
        await this.catchUp();
        await this.followOn(AbortSignal.any([signal, this.waiting.signal]));
        if (!this.mustBegin) return;
        continue;
      } catch (error) {
        this.note(error);
      }
      await pause(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Keeps how far it has come, so that the next start reads only on from there. */
  async save(): Promise<void> {
    if (this.slicesUnsaved > 0) await this.write(NOTHING, this.position);
  }

  /** Takes over a revocation before the log tells it. @throws VaultUnavailable */
  async revoke(revocation: KeyRevocation): Promise<void> {
    await this.vault.follow({ revocations: [revocation], losses: [], checkpoint: this.kept });
  }

  /** Nobody signs in until the log was followed from the checkpoint of the vault as it is now. */
  private beginAnew(error: VaultSetBack): void {
    this.setBack = error;
    this.failed = error;
    this.mustBegin = true;
    this.waiting.abort();
  }

  private async begin(): Promise<void> {
    this.mustBegin = false;
    try {
      if (this.setBack !== null) await this.vault.takeAsItIs();
      const checkpoint = await this.vault.checkpoint();
      this.wasOfAnotherLog = !(await isIn(this.log, checkpoint));
      if (this.wasOfAnotherLog) await this.vault.startAnew();
      this.position = this.kept = this.wasOfAnotherLog ? START : checkpoint;
      this.homes++;
      this.hasCaughtUp = false;
      this.missing.clear();
    } catch (error) {
      this.mustBegin = true;
      throw error;
    }
  }

  private async followOn(signal: AbortSignal): Promise<void> {
    const slices = this.log.subscribe({ after: this.position, categories: [ACCESS_CATEGORY], signal });
    for await (const slice of slices) await this.take(slice);
  }

  private note(error: unknown): void {
    if (error instanceof VaultUnavailable || error instanceof UnknownStoredEvent) this.failed = error;
    else if (error instanceof PositionUnknown) this.failed = putBack(error);
    else if (!(error instanceof StoreUnavailable)) throw error;
    else if (error.problem === 'corrupt' || error.problem === 'lost') {
      // What is damaged is not read again: to wait for it would lock everybody out.
      this.damage ??= error;
      if (this.failed instanceof StoreUnavailable) this.failed = null;
    }
    // Whoever revokes a key is answered once it is in the log and in the vault, whichever process does it. So a running server misses no revocation while it
    // can't read the log, and goes on with what the vault says; at the start the vault may be an older one, and only the log tells.
    else if (!this.hasCaughtUp) this.failed = error;
  }

  private async take({ events, next }: AllSlice): Promise<void> {
    const told: Told = { revocations: [], losses: [], adoptions: [] };
    for (const event of events) this.fold(event, told);
    const isFurther = next.isAfter(this.position);
    // What another slice has gone beyond already is folded once more, which changes nothing.
    const reached = isFurther ? next : this.position;
    const isTold = told.revocations.length + told.losses.length + told.adoptions.length > 0;
    if (isTold || this.slicesUnsaved >= SAVE_AFTER_SLICES) await this.write(told, reached);
    else if (isFurther) this.slicesUnsaved++;
    // Only now: what could not be taken over is read again.
    if (next.isAfter(this.position)) this.position = next;
  }

  /** Adds what the vault takes over from an event. */
  private fold(event: RecordedEvent, told: Told): void {
    if (event.sealed === true) this.missing.add(event.stream);
    if (categoryOf(event.stream) !== ACCESS_CATEGORY) return;
    if (event.unknown !== undefined) throw new UnknownStoredEvent(event.stream, event.unknown);
    const { type, data, occurredAt } = event as unknown as AccessEvent;
    if (type === 'KeyRevoked') told.revocations.push({ keyId: data.keyId, revokedAt: occurredAt });
    else if (type === 'LogAdopted') {
      const { logId, home, opens, numbers } = data;
      told.adoptions.push({ logId, home, opens, numbers, position: Position.of(event) });
    } else
      for (const stream of data.streams) {
        this.missing.delete(stream);
        told.losses.push({ stream, upTo: event.position });
      }
  }

  private async write(told: Omit<Followed, 'checkpoint'>, reached: Position): Promise<void> {
    const checkpoint = this.missing.size > 0 ? this.kept : reached;
    await this.vault.follow({ ...told, checkpoint });
    if (told.adoptions !== undefined && told.adoptions.length > 0) this.homes++;
    this.kept = checkpoint;
    this.slicesUnsaved = 0;
  }
}

async function isIn(log: Log, position: Position): Promise<boolean> {
  try {
    await log.eventAt(position);
    return true;
  } catch (error) {
    if (error instanceof PositionUnknown) return false;
    // A log that can't be read tells nothing; as soon as it can be, a position that is not its own is told.
    if (error instanceof StoreUnavailable) return true;
    throw error;
  }
}

function notReadYet(cause: Error): VaultUnavailable {
  return new VaultUnavailable(
    'whether the vault holds the keys of all streams is not known, for the log could not be read to its end',
    `It makes no new key until then. ${cause.message}`,
    { cause },
  );
}

function putBack(cause: PositionUnknown): VaultUnavailable {
  return new VaultUnavailable(
    'the log does not hold any more what the vault has followed',
    'Start the server again: the vault follows the log from its start then',
    { cause },
  );
}
