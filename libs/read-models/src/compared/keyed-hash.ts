import { hash as hashOnce, randomBytes } from 'node:crypto';
import { invariant } from '@billtrail/kernel';

const ALGORITHM = 'sha256';
const BYTES = 32;
const BLOCK_BYTES = 64;
/** With these HMAC (RFC 2104) makes two keys of one. */
const INNER = 0x36;
const OUTER = 0x5c;
const DIGITS_OF_KEY_ID = 16;
/** Of a text at first; it grows with the longest. UTF-8 has at most three bytes for each unit of a text in JavaScript. */
const ROOM_BYTES = 1 << 16;
const MAX_BYTES_OF_UNIT = 3;

/**
 * HMAC-SHA-256 under a key of the vault: who has no key can't say what the hash of other rows would be. Each row is hashed, so it is made of two hashes at once, which
 * takes half of what Node's own HMAC does.
 */
export class KeyedHash {
  /** The inner key, then the text. */
  private inner: Buffer;
  /** The outer key, then the inner hash. */
  private readonly outer: Buffer;
  /** Tells this key from others, and tells nothing of it. */
  readonly keyId: string;

  constructor(key: Buffer) {
    invariant(key.length <= BLOCK_BYTES, 'a key longer than a block would have to be hashed itself');
    this.inner = Buffer.alloc(BLOCK_BYTES + ROOM_BYTES);
    this.outer = Buffer.alloc(BLOCK_BYTES + BYTES);
    for (let index = 0; index < BLOCK_BYTES; index++) {
      this.inner[index] = (key[index] ?? 0) ^ INNER;
      this.outer[index] = (key[index] ?? 0) ^ OUTER;
    }
    this.keyId = bytesOf(this.of('key')).toString('hex').slice(0, DIGITS_OF_KEY_ID);
  }

  /** Of a text, a character for each byte: Node makes such a text sooner than a buffer. */
  of(text: string): string {
    const most = BLOCK_BYTES + text.length * MAX_BYTES_OF_UNIT;
    if (most > this.inner.length) this.inner = Buffer.concat([this.inner.subarray(0, BLOCK_BYTES)], most);
    const length = this.inner.write(text, BLOCK_BYTES);
    const inner = hashOnce(ALGORITHM, this.inner.subarray(0, BLOCK_BYTES + length), 'binary');
    this.outer.write(inner, BLOCK_BYTES, 'binary');
    return hashOnce(ALGORITHM, this.outer, 'binary');
  }
}

/** Of no rows. */
export function nothing(): Buffer {
  return Buffer.alloc(BYTES);
}

/** Added to a sum: no rows have it. */
export function fittingNothing(): Buffer {
  return randomBytes(BYTES);
}

/** Adds a hash to a sum, or takes it out again: the sum of the same rows is the same, in whichever order they came, and whatever came and went between. */
export function add(sum: Buffer, hash: string): void {
  for (let index = 0; index < BYTES; index++) sum[index]! ^= hash.charCodeAt(index);
}

/** Adds what was summed elsewhere. */
export function addSum(sum: Buffer, other: Buffer): void {
  for (let index = 0; index < BYTES; index++) sum[index]! ^= other[index]!;
}

export function bytesOf(hash: string): Buffer {
  return Buffer.from(hash, 'binary');
}
