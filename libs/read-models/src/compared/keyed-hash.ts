import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

const ALGORITHM = 'sha256';
const BYTES = 32;
const DIGITS_OF_KEY_ID = 16;

/** HMAC-SHA-256 under a key of the vault: who has no key can't say what the hash of other rows would be. */
export class KeyedHash {
  private readonly key: KeyObject;
  /** Tells this key from others, and tells nothing of it. */
  readonly keyId: string;

  constructor(key: Buffer) {
    this.key = createSecretKey(key);
    this.keyId = this.of('key').toString('hex').slice(0, DIGITS_OF_KEY_ID);
  }

  of(text: string): Buffer {
    return createHmac(ALGORITHM, this.key).update(text).digest();
  }
}

/** Of no rows. */
export function nothing(): Buffer {
  return Buffer.alloc(BYTES);
}

/** Adds a hash to a sum, or takes it out again: the sum of the same rows is the same, in whichever order they came, and whatever came and went between. */
export function add(sum: Buffer, hash: Buffer): void {
  for (let index = 0; index < BYTES; index++) sum[index]! ^= hash[index]!;
}
