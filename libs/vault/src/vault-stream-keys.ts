import type { KeysByStream, KeysOfStream, StreamKeys, StreamName } from '@billtrail/event-store';
import type { Vault } from './port.js';
import { VaultUnavailable } from './vault-unavailable.js';

/** Keys that are kept at hand: some 5 MB. */
const MAX_AT_HAND = 20_000;

/** The keys of streams in the vault, those used last at hand. What is asked for in one turn of the event loop is asked of the vault at once. */
export class VaultStreamKeys implements StreamKeys {
  /** In the order of their last use. A key never changes; all are asked for again once the vault was set back. */
  private readonly atHand = new Map<StreamName, KeysOfStream>();
  private readonly made: (streams: readonly StreamName[]) => Promise<KeysByStream>;
  /** Why no new key may be made just now; null: it may. */
  private makesNone: () => VaultUnavailable | null = () => null;
  private readonly fetched: (streams: readonly StreamName[]) => Promise<KeysByStream>;

  constructor(
    private readonly vault: Pick<Vault, 'streamKeys' | 'makeStreamKeys' | 'lost' | 'onSetBack'>,
    private readonly mostAtHand = MAX_AT_HAND,
  ) {
    this.made = askedAtOnce(async (streams) =>
      this.kept(await (this.makesNone() === null ? vault.makeStreamKeys(streams) : vault.streamKeys(streams))),
    );
    // What an older vault lacks must not seal anything more.
    vault.onSetBack(() => this.atHand.clear());
    this.fetched = askedAtOnce(async (streams) => this.kept(await vault.streamKeys(streams)));
  }

  /** Asks from now on, before a key is made, what may be against it. Keys that the vault holds are given all the same. */
  makeOnlyUnless(makesNone: () => VaultUnavailable | null): void {
    this.makesNone = makesNone;
  }

  /** @throws VaultUnavailable */
  keyFor(stream: StreamName): Buffer | Promise<Buffer> {
    // A key that is at hand, and else only in a file that is gone, would seal what nobody can open later.
    const lost = this.vault.lost();
    if (lost !== null) throw lost;
    return this.used(stream)?.keys[0] ?? this.make(stream);
  }

  /** @throws VaultUnavailable */
  keysOf(streams: readonly StreamName[]): KeysByStream | Promise<KeysByStream> {
    const found = new Map<StreamName, KeysOfStream>();
    const missing: StreamName[] = [];
    for (const stream of streams) {
      const held = this.used(stream);
      if (held === undefined) missing.push(stream);
      else found.set(stream, held);
    }
    return missing.length === 0 ? found : this.withMissing(found, missing);
  }

  private async withMissing(
    found: Map<StreamName, KeysOfStream>,
    missing: readonly StreamName[],
  ): Promise<KeysByStream> {
    const fetched = await this.fetched(missing);
    for (const stream of missing) {
      const held = fetched.get(stream);
      if (held !== undefined) found.set(stream, held);
    }
    return found;
  }

  private async make(stream: StreamName): Promise<Buffer> {
    const key = (await this.made([stream])).get(stream)?.keys[0];
    if (key !== undefined) return key;
    throw this.makesNone() ?? new VaultUnavailable('a key was not made', 'Send it again');
  }

  private used(stream: StreamName): KeysOfStream | undefined {
    const held = this.atHand.get(stream);
    if (held === undefined) return undefined;
    this.atHand.delete(stream);
    this.atHand.set(stream, held);
    return held;
  }

  private kept(keys: KeysByStream): KeysByStream {
    // Where none is held, another process may make one.
    for (const [stream, held] of keys) if (held.keys.length > 0) this.atHand.set(stream, held);
    for (const [oldest] of this.atHand) {
      if (this.atHand.size <= this.mostAtHand) break;
      this.atHand.delete(oldest);
    }
    return keys;
  }
}

/** Asks once for all that is asked for in one turn of the event loop. */
function askedAtOnce(
  ask: (streams: readonly StreamName[]) => Promise<KeysByStream>,
): (streams: readonly StreamName[]) => Promise<KeysByStream> {
  let next: { readonly streams: Set<StreamName>; readonly keys: Promise<KeysByStream> } | null = null;
  return (asked) => {
    if (next === null) {
      const streams = new Set<StreamName>();
      const keys = new Promise((resolve) => setImmediate(resolve)).then(() => {
        next = null;
        return ask([...streams]);
      });
      next = { streams, keys };
    }
    for (const stream of asked) next.streams.add(stream);
    return next.keys;
  };
}
