import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, addSum, bytesOf, KeyedHash, nothing } from './keyed-hash.js';

const BLOCK_BYTES = 64;

/** As Node makes it in pieces. */
function made(key: Uint8Array, text: string): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key);
  return createHash('sha256').update(block).update(text).digest();
}

describe('a keyed hash', () => {
  it('is SHA-256 of the key, filled up to a block, and of any text, one after the other', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: BLOCK_BYTES }),
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }),
        (key, texts) => {
          const hash = new KeyedHash(Buffer.from(key));
          for (const text of texts) expect(bytesOf(hash.of(text))).toEqual(made(key, text));
        },
      ),
    );
  });

  it('is so of a text that is longer than all before, and of the short one after it', () => {
    const key = Buffer.alloc(32, 'k');
    const hash = new KeyedHash(key);
    for (const text of ['a', '\u20ac'.repeat(100_000), 'a', ''])
      expect(bytesOf(hash.of(text))).toEqual(made(key, text));
  });

  it('of another key is another', () => {
    const [one, other] = ['k', 'o'].map((letter) => new KeyedHash(Buffer.alloc(32, letter)));
    expect(one!.of('row')).not.toBe(other!.of('row'));
    expect(one!.keyId).not.toBe(other!.keyId);
  });

  it('is added and taken out again, in any order', () => {
    const hash = new KeyedHash(Buffer.alloc(32, 'k'));
    const sum = nothing();
    for (const text of ['a', 'b', 'c', 'a', 'c']) add(sum, hash.of(text));
    expect(sum).toEqual(bytesOf(hash.of('b')));
    addSum(sum, bytesOf(hash.of('b')));
    expect(sum).toEqual(nothing());
  });
});
