import type { KeysByStream, StreamKeys, StreamName } from '@billtrail/event-store';
import type { Vault } from './port.js';

/** Keys that are kept at hand: some 5 MB. */
const MAX_AT_HAND = 20_000;

/** The keys of streams in the vault, those used last at hand. What is asked for in one turn of the event loop is asked of the vault at once. */
export class VaultStreamKeys implements StreamKeys {
  /** In the order of their last use. A key never changes. */
  private readonly atHand = new Map<StreamName, Buffer>();
  private asked: { readonly streams: Set<StreamName>; readonly made: Promise<KeysByStream> } | null = null;

  constructor(
    private readonly vault: Pick<Vault, 'streamKeys' | 'makeStreamKeys'>,
    private readonly mostAtHand = MAX_AT_HAND,
  ) {}

  /** @throws VaultUnavailable */
  keyFor(stream: StreamName): Buffer | Promise<Buffer> {
    return this.used(stream) ?? this.make(stream);
  }

  /** @throws VaultUnavailable */
  keysOf(streams: readonly StreamName[]): KeysByStream | Promise<KeysByStream> {
    const found = new Map<StreamName, Buffer>();
    const missing: StreamName[] = [];
    for (const stream of streams) {
      const key = this.used(stream);
      if (key === undefined) missing.push(stream);
      else found.set(stream, key);
    }
    return missing.length === 0 ? found : this.fetched(found, missing);
  }

  private async fetched(found: Map<StreamName, Buffer>, missing: readonly StreamName[]): Promise<KeysByStream> {
    for (const [stream, key] of this.kept(await this.vault.streamKeys(missing))) found.set(stream, key);
    return found;
  }

  private async make(stream: StreamName): Promise<Buffer> {
    this.asked ??= this.ask();
    this.asked.streams.add(stream);
    return (await this.asked.made).get(stream) as Buffer;
  }

  private ask(): { readonly streams: Set<StreamName>; readonly made: Promise<KeysByStream> } {
    const streams = new Set<StreamName>();
    const made = new Promise((resolve) => setImmediate(resolve)).then(async () => {
      this.asked = null;
      return this.kept(await this.vault.makeStreamKeys([...streams]));
    });
    return { streams, made };
  }

  private used(stream: StreamName): Buffer | undefined {
    const key = this.atHand.get(stream);
    if (key === undefined) return undefined;
    this.atHand.delete(stream);
    this.atHand.set(stream, key);
    return key;
  }

  private kept(keys: KeysByStream): KeysByStream {
    for (const [stream, key] of keys) this.atHand.set(stream, key);
    for (const [oldest] of this.atHand) {
      if (this.atHand.size <= this.mostAtHand) break;
      this.atHand.delete(oldest);
    }
    return keys;
  }
}
