import { hash as hashOnce, randomBytes } from 'node:crypto';
import { invariant } from '@billtrail/kernel';

const ALGORITHM = 'sha256';
const BYTES = 32;
const BLOCK_BYTES = 64;
const DIGITS_OF_KEY_ID = 16;
/** Of a text at first; it grows with the longest. UTF-8 has at most three bytes for each unit of a text in JavaScript. */
const ROOM_BYTES = 1 << 16;
const MAX_BYTES_OF_UNIT = 3;

/**
 * SHA-256 of a secret block and a text: who has no key of the vault can't say what the hash of other rows would be. The texts are all of a form of which none goes on where another
 * ends (JSON in brackets), so that the second hash of HMAC, which is as dear as the first, would keep nobody from anything.
 */
export class KeyedHash {
  /** The key, then the text. */
  private room: Buffer;
  /** Tells this key from others, and tells nothing of it. */
  readonly keyId: string;

  constructor(key: Buffer) {
    invariant(key.length <= BLOCK_BYTES, 'a key longer than a block would have to be hashed itself');
    this.room = Buffer.alloc(BLOCK_BYTES + ROOM_BYTES);
    key.copy(this.room);
    this.keyId = bytesOf(this.of('key')).toString('hex').slice(0, DIGITS_OF_KEY_ID);
  }

  /** Of a text, a character for each byte: Node makes such a text sooner than a buffer. */
  of(text: string): string {
    const most = BLOCK_BYTES + text.length * MAX_BYTES_OF_UNIT;
    if (most > this.room.length) this.room = Buffer.concat([this.room.subarray(0, BLOCK_BYTES)], most);
    const length = this.room.write(text, BLOCK_BYTES);
    return hashOnce(ALGORITHM, this.room.subarray(0, BLOCK_BYTES + length), 'binary');
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
