import type { KeyClaimed } from '../claims.js';
import { KEY_CLAIMED } from '../claims.js';
import type { ReadStreamOptions, StreamName, StreamVersion } from '../port.js';
import { checkWhole } from '../requests.js';
import type { Connection } from './connection.js';
import type { EngineEvent } from './engine.js';
import { KnownStream, KnownStreams, placeOf } from './known-streams.js';
import type { StoredForm } from './stored-form.js';

/** More events than any stream has. */
const ALL = 1_000_000_000;

/** A stream, or a part of it, as the engine holds it. */
export interface EngineSlice {
  /** Of the whole stream. */
  readonly version: StreamVersion;
  readonly events: readonly EngineEvent[];
}

/** Reads single streams, from the leader, and remembers what commands did on them. */
export class StreamReader {
  private readonly known = new KnownStreams();
  private readonly turns = new Map<StreamName, Promise<unknown>>();

  constructor(
    private readonly connection: Connection,
    private readonly form: StoredForm,
  ) {}

  /** One after the other on a stream: what is learnt of it and what is appended to it take the same turns. */
  async inTurn<Result>(stream: StreamName, work: () => Promise<Result>): Promise<Result> {
    const before = this.turns.get(stream) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.turns.set(stream, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(stream) === mine) this.turns.delete(stream);
    }
  }

  /** What was learnt before; undefined where it was nothing, or from a client that has failed since. */
  remembered(stream: StreamName): KnownStream | undefined {
    const known = this.known.get(stream);
    return known?.epoch === this.connection.epoch ? known : undefined;
  }

  remember(stream: StreamName, known: KnownStream): void {
    this.known.set(stream, known);
  }

  /** The stream as it is now: what is known and what was recorded behind it; anew from its beginning where the server does not have what was known. In turn. */
  async refresh(stream: StreamName): Promise<KnownStream> {
    const { epoch } = this.connection;
    const before = this.known.get(stream) ?? KnownStream.EMPTY;
    const from = Math.max(0, before.version - 1);
    const events = await this.read(stream, from, ALL);
    const [first] = events;
    const isHeld = before.last === null || (first !== undefined && placeOf(first).is(before.last));
    const known = isHeld
      ? before.with(before.last === null ? events : events.slice(1), epoch)
      : KnownStream.EMPTY.with(await this.read(stream, 0, ALL), epoch);
    this.remember(stream, known);
    return known;
  }

  /** The whole stream, and all that is to be known of it. In turn. */
  async whole(stream: StreamName): Promise<{ readonly known: KnownStream; readonly slice: EngineSlice }> {
    const { epoch } = this.connection;
    const events = await this.read(stream, 0, ALL);
    const known = KnownStream.EMPTY.with(events, epoch);
    this.remember(stream, known);
    return { known, slice: { version: known.version, events } };
  }

  async slice(stream: StreamName, options: ReadStreamOptions = {}): Promise<EngineSlice> {
    const { direction = 'forwards', from, to, limit } = options;
    if (from !== undefined) checkWhole('from', from, 0);
    if (to !== undefined) checkWhole('to', to, 0);
    if (limit !== undefined) checkWhole('limit', limit, 1);
    if (isWhole(options)) {
      const events = await this.read(stream, 0, ALL);
      return { version: versionAfter(events), events };
    }
    const version = await this.versionOf(stream);
    const isBackwards = direction === 'backwards';
    const low = Math.max(1, (isBackwards ? to : from) ?? 1);
    const high = Math.min(version, (isBackwards ? from : to) ?? version);
    const most = Math.min(high - low + 1, limit ?? ALL);
    if (most <= 0) return { version, events: [] };
    const events = await this.connection.reading((engine) =>
      engine.readStream(this.form.streamOf(stream), { from: (isBackwards ? high : low) - 1, direction, most }),
    );
    return { version, events };
  }

  async read(stream: StreamName, from: number, most: number): Promise<readonly EngineEvent[]> {
    return this.connection.reading((engine) =>
      engine.readStream(this.form.streamOf(stream), { from, direction: 'forwards', most }),
    );
  }

  /** What a key is claimed for, as it is stored; null: it is free. Undefined: another event stands there. */
  async claimIn(key: StreamName): Promise<KeyClaimed['data'] | null | undefined> {
    const [event] = await this.read(key, 0, 1);
    if (event === undefined) return null;
    return event.type === KEY_CLAIMED.storedName ? (event.data as KeyClaimed['data']) : undefined;
  }

  private async versionOf(stream: StreamName): Promise<StreamVersion> {
    const last = await this.connection.reading((engine) =>
      engine.readStream(this.form.streamOf(stream), { from: 'end', direction: 'backwards', most: 1 }),
    );
    return versionAfter(last);
  }
}

export function isWhole({ direction, from, to, limit }: ReadStreamOptions): boolean {
  return direction !== 'backwards' && (from ?? 1) <= 1 && to === undefined && limit === undefined;
}

function versionAfter(events: readonly EngineEvent[]): StreamVersion {
  return (events.at(-1)?.revision ?? -1) + 1;
}
