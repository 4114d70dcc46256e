import type { StoredEventType } from '@billtrail/kernel';
import { UnknownStoredEvent, type WhyUnread } from './errors.js';
import { isKeyed, keyedFingerprint, type AskedFor } from './fingerprint.js';
import type { Claim, RecordedEvent, StreamName } from './port.js';
import { isSealed, lost, opened, seal, takeTexts, type SealedTexts } from './sealed-data.js';
import type { StoredNames } from './stored-names.js';

/** What is there to open a stream with. */
export interface KeysOfStream {
  /** All that are held: mostly one. After a loss another one was made, and the lost one may have been found again. The one made last is the first. */
  readonly keys: readonly Buffer[];
  /** What none of them opens up to this position is lost for good, as somebody has said; 0: nothing is. */
  readonly lostUpTo: number;
}

/** Keys of streams by their names. */
export type KeysByStream = ReadonlyMap<StreamName, KeysOfStream>;

/** The keys under which what is personal in events is sealed, one for each stream. What is at hand is given at once, not as a promise. */
export interface StreamKeys {
  /** The key of a stream; one that has none gets one, which is durable before it is given: else what it seals could never be opened. */
  keyFor(stream: StreamName): Buffer | Promise<Buffer>;
  /** The keys of streams. One that has none, and of which none was lost for good, is not among them. */
  keysOf(streams: readonly StreamName[]): KeysByStream | Promise<KeysByStream>;
}

const NO_KEYS = 'its personal fields are sealed, and this process has no keys of streams';
const KEY_WRONG = 'its personal fields are sealed, and no key that the vault holds of its stream fits';
const KEY_MISSING = 'its personal fields are sealed, and the vault does not hold the key of its stream';

/** What is about to be stored, as far as sealing is concerned. */
interface ToStore {
  readonly stream: StreamName;
  readonly events: readonly { readonly type: StoredEventType; readonly json: string }[];
  readonly fingerprint: string;
  readonly claims: readonly Claim[];
}

/**
 * Seals what is personal in events before they are stored, and opens it after they were read; what was asked for is stored under the same key. An adapter stores
 * and reads bytes, and knows nothing of it.
 */
export class Sealing {
  /** Streams that are waiting for their key: what is appended to one meanwhile waits as well, so that its order stays. */
  private readonly waiting = new Map<StreamName, Promise<Buffer>>();

  constructor(
    private readonly names: StoredNames,
    /** Null: nothing is sealed, and what is sealed is told as unknown. For tools and tests of a store by itself. */
    private readonly keys: StreamKeys | null,
  ) {}

  /** What is to be stored in the place of what was asked for; the same where no type in it lists personal fields. */
  sealed<Append extends ToStore>(append: Append): Append | Promise<Append> {
    const { keys } = this;
    if (keys === null) return append;
    const { stream } = append;
    const before = this.waiting.get(stream);
    if (!append.events.some(({ type }) => type.personalFields.length > 0))
      return before ? after(before, append) : append;
    const personal = append.events.map(({ type, json }) => personalIn(type, json));
    const sealAll = (key: Buffer): Append => ({
      ...append,
      ...underKey(append, key),
      events: append.events.map((event, index) => {
        const taken = personal[index] ?? null;
        if (taken === null) return event;
        const sealed = seal(taken.rest, taken.texts, key, placeOf(stream, event.type.storedName));
        return { ...event, json: JSON.stringify(sealed), plain: event.json };
      }),
    });
    const key = before ?? keys.keyFor(stream);
    return key instanceof Promise ? this.waitFor(stream, key).then(sealAll) : sealAll(key);
  }

  /** The events as they were appended, lifted to the present schema version. What can't be opened is `unknown`. */
  opened(events: readonly RecordedEvent[]): readonly RecordedEvent[] | Promise<readonly RecordedEvent[]> {
    const streams = new Set<StreamName>();
    for (const { stream, data, unknown } of events) if (unknown === undefined && isSealed(data)) streams.add(stream);
    if (streams.size === 0) return events;
    if (this.keys === null) return events.map((event) => this.open(event, null));
    const keys = this.keys.keysOf([...streams]);
    const openAll = (found: KeysByStream) => events.map((event) => this.open(event, found));
    return keys instanceof Promise ? keys.then(openAll) : openAll(keys);
  }

  /** Compares with a fingerprint as it was stored; null: there is none. */
  async askedFor(stream: StreamName, stored: string | null): Promise<AskedFor> {
    if (stored === null) return { isFor: () => false };
    if (!isKeyed(stored)) return { isFor: (given) => stored === given };
    const { keys = [] } = (await this.keys?.keysOf([stream]))?.get(stream) ?? {};
    return { isFor: (given) => keys.some((key) => stored === keyedFingerprint(given, key)) };
  }

  private open(event: RecordedEvent, keys: KeysByStream | null): RecordedEvent {
    const { stream, type, data, schemaVersion, unknown } = event;
    if (unknown !== undefined || !isSealed(data)) return event;
    const held = keys?.get(stream);
    const stored = this.names.toStored(type);
    const place = placeOf(stream, stored.storedName);
    let found: object | undefined;
    for (const key of held?.keys ?? []) found ??= openedBy(key, data, place);
    if (found === undefined && event.position <= (held?.lostUpTo ?? 0)) found = lost(data);
    if (found !== undefined)
      return lifted({ ...event, data: found }, (texts) => this.names.upcast(stored, schemaVersion, texts));
    const why = keys === null ? NO_KEYS : held === undefined || held.keys.length === 0 ? KEY_MISSING : KEY_WRONG;
    return { ...event, unknown: why, sealed: true };
  }

  private async waitFor(stream: StreamName, asked: Promise<Buffer>): Promise<Buffer> {
    this.waiting.set(stream, asked);
    try {
      return await asked;
    } finally {
      if (this.waiting.get(stream) === asked) this.waiting.delete(stream);
    }
  }
}

/** Undefined: it is not the key of these data. */
function openedBy(key: Buffer, data: object, belongsTo: string): object | undefined {
  try {
    return opened(data, key, belongsTo);
  } catch {
    return undefined;
  }
}

/** The event in its present shape. Data that no version ever wrote may not be liftable: then it is unknown, with the cause, and holds up no reader of other events. */
export function lifted(event: RecordedEvent, lift: (data: object) => object): RecordedEvent {
  try {
    return { ...event, data: lift(event.data) };
  } catch (error) {
    const unknown = `its data can't be lifted to the present shape: ${(error as Error).message}`;
    return { ...event, unknown, unlifted: true };
  }
}

/** A stream that was read is answered whole or not at all. @throws UnknownStoredEvent */
export function allKnown(stream: StreamName, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const unknown = events.find((event) => event.unknown !== undefined);
  if (unknown?.unknown !== undefined) throw new UnknownStoredEvent(stream, unknown.unknown, whyUnread(unknown));
  return events;
}

/** Of an event that is unknown. */
export function whyUnread({ sealed, unlifted }: Pick<RecordedEvent, 'sealed' | 'unlifted'>): WhyUnread {
  return sealed === true ? 'sealed' : unlifted === true ? 'unlifted' : 'newer';
}

/** A seal fits no other stream and no other kind of event. */
function placeOf(stream: StreamName, storedName: string): string {
  return `${stream}\n${storedName}`;
}

/** The fingerprint of an append as it is stored, wherever it stands. */
function underKey({ fingerprint: plainFingerprint, claims }: ToStore, key: Buffer) {
  const fingerprint = keyedFingerprint(plainFingerprint, key);
  return {
    fingerprint,
    plainFingerprint,
    claims: claims.map((claim) =>
      claim.fingerprint === plainFingerprint ? { ...claim, fingerprint, plainFingerprint } : claim,
    ),
  };
}

interface Taken {
  readonly rest: object;
  readonly texts: SealedTexts;
}

/** What is personal, and the data without it; null where nothing is. */
function personalIn({ personalFields }: StoredEventType, json: string): Taken | null {
  if (personalFields.length === 0) return null;
  const rest = JSON.parse(json) as object;
  const texts = takeTexts(rest, personalFields);
  return texts.length > 0 ? { rest, texts } : null;
}

async function after<Append>(before: Promise<unknown>, append: Append): Promise<Append> {
  await before.catch(() => undefined);
  return append;
}
