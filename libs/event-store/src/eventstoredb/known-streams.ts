import type { StreamName, StreamVersion } from '../port.js';
import { Position, type PositionNumber } from '../position.js';
import type { EngineEvent } from './engine.js';
import { appendOf } from './stored-form.js';

/** An append that was carried out on a stream. */
export interface KnownAppend {
  /** Of the stream after it. */
  readonly version: StreamVersion;
  /** Of its last event. */
  readonly position: Position;
  /** As it is stored; null: its caller gave none. */
  readonly fingerprint: string | null;
  /** Its events. */
  readonly count: number;
}

/** A stream up to one of its versions. It never changes: what is learnt makes another one. */
export class KnownStream {
  static readonly EMPTY = new KnownStream(0, null, new Map(), 0);

  private constructor(
    readonly version: StreamVersion,
    /** Of its last event; null: it has none. */
    readonly last: Position | null,
    /** What is behind `version` in it belongs to one that knows more. */
    private readonly appends: Map<string, KnownAppend>,
    /** When it was learnt, as a connection counts its failures. */
    readonly epoch: number,
  ) {}

  find(commandId: string): KnownAppend | undefined {
    const found = this.appends.get(commandId);
    return found !== undefined && found.version <= this.version ? found : undefined;
  }

  get size(): number {
    return this.appends.size + 1;
  }

  /** With what is behind it in the stream, in its order. */
  with(events: readonly EngineEvent[], epoch: number): KnownStream {
    const appends = this.version === 0 ? new Map<string, KnownAppend>() : this.appends;
    let { version, last } = this as KnownStream;
    for (const event of events) {
      version = event.revision + 1;
      last = placeOf(event);
      const { commandId, fingerprint } = appendOf(event);
      const count = (this.earlierIn(appends, commandId, version)?.count ?? 0) + 1;
      appends.set(commandId, { version, position: last, fingerprint, count });
    }
    return new KnownStream(version, last, appends, epoch);
  }

  withAppend(commandId: string, append: KnownAppend, epoch: number): KnownStream {
    const appends = this.version === 0 ? new Map<string, KnownAppend>() : this.appends;
    appends.set(commandId, append);
    return new KnownStream(append.version, append.position, appends, epoch);
  }

  private earlierIn(appends: Map<string, KnownAppend>, commandId: string, version: number): KnownAppend | undefined {
    const found = appends.get(commandId);
    return found !== undefined && found.version === version - 1 ? found : undefined;
  }
}

/** The position of an event of ours. */
export function placeOf({ id, position }: EngineEvent): Position {
  return Position.of({ id, position: position as PositionNumber });
}

/** So many commands are remembered over all streams, some 50 MB; the streams that were used longest ago go first. */
const MOST_REMEMBERED = 200_000;

export class KnownStreams {
  private readonly streams = new Map<StreamName, { readonly known: KnownStream; readonly size: number }>();
  private remembered = 0;

  constructor(private readonly most = MOST_REMEMBERED) {}

  get(stream: StreamName): KnownStream | undefined {
    const held = this.streams.get(stream);
    if (held === undefined) return undefined;
    this.streams.delete(stream);
    this.streams.set(stream, held);
    return held.known;
  }

  set(stream: StreamName, known: KnownStream): void {
    this.forget(stream);
    const { size } = known;
    this.streams.set(stream, { known, size });
    this.remembered += size;
    for (const oldest of this.streams.keys()) {
      if (this.remembered <= this.most || oldest === stream) break;
      this.forget(oldest);
    }
  }

  private forget(stream: StreamName): void {
    this.remembered -= this.streams.get(stream)?.size ?? 0;
    this.streams.delete(stream);
  }
}
