import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { LOST } from '@billtrail/kernel';

const CIPHER = 'aes-256-gcm';
/** Bytes of a key of a stream. */
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Where the sealed texts are in stored data: no field of an event has this name. */
export const SEALED = '$sealed';
/** What stands in the place of a text that is sealed. */
const IN_ITS_PLACE = '(sealed)';

/** What the seal holds: the texts of each path, in the order in which they stand in the data. */
export type SealedTexts = readonly (readonly [path: string, texts: readonly string[]])[];

/** Takes the texts at `paths` out of data, and leaves in their place that they are sealed. Empty texts say nothing and stay. */
export function takeTexts(data: object, paths: readonly string[]): SealedTexts {
  const taken: [string, string[]][] = [];
  for (const path of paths) {
    const texts: string[] = [];
    replaceTexts(data, namesOf(path), 0, (text) => {
      if (text === '') return text;
      texts.push(text);
      return IN_ITS_PLACE;
    });
    if (texts.length > 0) taken.push([path, texts]);
  }
  return taken;
}

/**
 * What is stored: the data without their texts, and these encrypted beside. The seal holds the paths too, so that it is opened as it was made, whatever is
 * listed by then. `belongsTo` ties it to its place in the log.
 */
export function seal(rest: object, texts: SealedTexts, key: Buffer, belongsTo: string): object {
  return { [SEALED]: encrypted(JSON.stringify(texts), key, belongsTo), ...rest };
}

export function isSealed(data: object): boolean {
  return SEALED in data;
}

/** The data as they were before they were sealed, field for field in the same order. @throws where key or place are not those of the seal */
export function opened(data: object, key: Buffer, belongsTo: string): object {
  const { [SEALED]: text, ...rest } = data as { readonly [SEALED]: string };
  for (const [path, texts] of JSON.parse(decrypted(text, key, belongsTo)) as SealedTexts) {
    let next = 0;
    replaceTexts(rest, namesOf(path), 0, (found) => (found === '' ? found : (texts[next++] ?? found)));
  }
  return rest;
}

/** The data with {@link LOST} in the place of each text that was sealed, for nothing opens them any more. Which these were, the data itself shows. */
export function lost(data: object): object {
  const { [SEALED]: _sealed, ...rest } = data as { readonly [SEALED]: string };
  return markLost(rest) as object;
}

function markLost(value: unknown): unknown {
  if (value === IN_ITS_PLACE) return LOST;
  if (Array.isArray(value)) return value.map(markLost);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, markLost(each)]));
}

/** A name on a path: of a list, or of a field. */
interface Name {
  readonly field: string;
  readonly isList: boolean;
}

/** Paths are few, and each is gone along for each event. */
const paths = new Map<string, readonly Name[]>();
const MOST_PATHS = 1_000;

function namesOf(path: string): readonly Name[] {
  let names = paths.get(path);
  if (names === undefined) {
    names = path.split('.').map((name) => ({ field: name.replace('[]', ''), isList: name.endsWith('[]') }));
    if (paths.size < MOST_PATHS) paths.set(path, names);
  }
  return names;
}

/** Puts another text in the place of each that is found at a path: `lines[].description` is the description of every line. */
function replaceTexts(data: unknown, path: readonly Name[], at: number, by: (text: string) => string): void {
  const name = path[at];
  if (name === undefined || typeof data !== 'object' || data === null || !Object.hasOwn(data, name.field)) return;
  const holder = data as Record<string, unknown>;
  const value = holder[name.field];
  const isLast = at === path.length - 1;
  if (name.isList) {
    if (!Array.isArray(value)) return;
    const list = value as unknown[];
    for (const [index, element] of list.entries())
      if (!isLast) replaceTexts(element, path, at + 1, by);
      else if (typeof element === 'string') list[index] = by(element);
  } else if (!isLast) replaceTexts(value, path, at + 1, by);
  else if (typeof value === 'string') holder[name.field] = by(value);
}

/** Random bytes are made for many seals at once. */
const IVS_AT_ONCE = 512;
let ivs = Buffer.alloc(0);
let nextIv = 0;

function newIv(): Buffer {
  if (nextIv >= ivs.length) [ivs, nextIv] = [randomBytes(IVS_AT_ONCE * IV_BYTES), 0];
  nextIv += IV_BYTES;
  return ivs.subarray(nextIv - IV_BYTES, nextIv);
}

function encrypted(text: string, key: Buffer, belongsTo: string): string {
  const iv = newIv();
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(belongsTo));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

function decrypted(text: string, key: Buffer, belongsTo: string): string {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(belongsTo));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
