import { randomBytes } from 'node:crypto';
import type { StreamName } from '../port.js';
import { KEY_BYTES } from '../sealed-data.js';
import type { KeysByStream, KeysOfStream, StreamKeys } from '../sealing.js';

/** Keys as a vault gives them: the first time as a promise, at once from then on. */
export class KeysInMemory implements StreamKeys {
  readonly all = new Map<StreamName, Buffer>();
  /** Up to where what is sealed in a stream is lost. */
  readonly lost = new Map<StreamName, number>();
  private readonly atHand = new Map<StreamName, Buffer>();

  keyFor(stream: StreamName): Buffer | Promise<Buffer> {
    return this.atHand.get(stream) ?? this.made(stream);
  }

  keysOf(streams: readonly StreamName[]): KeysByStream | Promise<KeysByStream> {
    const found = new Map(streams.flatMap((stream) => this.entry(stream, this.atHand)));
    return found.size === streams.length ? found : this.fetched(streams);
  }

  forgetWhatIsAtHand(): void {
    this.atHand.clear();
  }

  private async made(stream: StreamName): Promise<Buffer> {
    const key = this.all.get(stream) ?? randomBytes(KEY_BYTES);
    await new Promise(setImmediate);
    for (const keys of [this.all, this.atHand]) keys.set(stream, key);
    return key;
  }

  private async fetched(streams: readonly StreamName[]): Promise<KeysByStream> {
    await new Promise(setImmediate);
    return new Map(streams.flatMap((stream) => this.entry(stream, this.all)));
  }

  private entry(stream: StreamName, keys: ReadonlyMap<StreamName, Buffer>): [StreamName, KeysOfStream][] {
    const key = keys.get(stream);
    const lostUpTo = this.lost.get(stream) ?? 0;
    return key === undefined && lostUpTo === 0 ? [] : [[stream, { keys: key ? [key] : [], lostUpTo }]];
  }
}
