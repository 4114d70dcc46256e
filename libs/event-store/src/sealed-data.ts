import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

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
type SealedTexts = readonly (readonly [path: string, texts: readonly string[]])[];

/**
 * Data with the texts at `paths` sealed: what is stored says `(sealed)` in their place, and holds them encrypted beside. The seal holds the paths too, so
 * that it is opened as it was made, whatever is listed by then. `belongsTo` ties it to its place in the log. The data given are changed.
 */
export function seal(data: object, paths: readonly string[], key: Buffer, belongsTo: string): object {
  const sealed: [string, string[]][] = [];
  for (const path of paths) {
    const texts: string[] = [];
    replaceTexts(data, path.split('.'), (text) => {
      if (text === '') return text;
      texts.push(text);
      return IN_ITS_PLACE;
    });
    if (texts.length > 0) sealed.push([path, texts]);
  }
  return { [SEALED]: encrypted(JSON.stringify(sealed satisfies SealedTexts), key, belongsTo), ...data };
}

/** True where {@link seal} would find something. */
export function hasTexts(data: object, paths: readonly string[]): boolean {
  return paths.some((path) => {
    let found = false;
    replaceTexts(data, path.split('.'), (text) => {
      found ||= text !== '';
      return text;
    });
    return found;
  });
}

export function isSealed(data: object): boolean {
  return Object.hasOwn(data, SEALED);
}

/** The data as they were before they were sealed, field for field in the same order. @throws where key or place are not those of the seal */
export function opened(data: object, key: Buffer, belongsTo: string): object {
  const { [SEALED]: text, ...rest } = data as { readonly [SEALED]: string };
  for (const [path, texts] of JSON.parse(decrypted(text, key, belongsTo)) as SealedTexts) {
    let next = 0;
    replaceTexts(rest, path.split('.'), (found) => (found === '' ? found : (texts[next++] ?? found)));
  }
  return rest;
}

/** Puts another text in the place of each that is found at a path: `lines[].description` is the description of every line. */
function replaceTexts(data: unknown, path: readonly string[], by: (text: string) => string): void {
  const [name = '', ...below] = path;
  if (typeof data !== 'object' || data === null) return;
  const isList = name.endsWith('[]');
  const field = isList ? name.slice(0, -2) : name;
  const holder = data as Record<string, unknown>;
  if (!Object.hasOwn(holder, field)) return;
  const value = holder[field];
  if (isList) {
    if (!Array.isArray(value)) return;
    const list = value as unknown[];
    for (const [index, element] of list.entries())
      if (below.length > 0) replaceTexts(element, below, by);
      else if (typeof element === 'string') list[index] = by(element);
  } else if (below.length > 0) replaceTexts(value, below, by);
  else if (typeof value === 'string') {
    const text = by(value);
    if (text !== value) holder[field] = text;
  }
}

function encrypted(text: string, key: Buffer, belongsTo: string): string {
  const iv = randomBytes(IV_BYTES);
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
