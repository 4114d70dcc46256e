import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, addSum, bytesOf, KeyedHash, nothing } from './keyed-hash.js';

const BLOCK_BYTES = 64;

describe('a keyed hash', () => {
  it("is Node's HMAC-SHA-256, of any text under any key, one after the other", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: BLOCK_BYTES }),
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }),
        (key, texts) => {
          const hash = new KeyedHash(Buffer.from(key));
          for (const text of texts)
            expect(bytesOf(hash.of(text))).toEqual(createHmac('sha256', key).update(text).digest());
        },
      ),
    );
  });

  it('is so of a text that is longer than all before, and of the short one after it', () => {
    const key = Buffer.alloc(32, 'k');
    const hash = new KeyedHash(key);
    for (const text of ['a', '\u20ac'.repeat(100_000), 'a', ''])
      expect(bytesOf(hash.of(text))).toEqual(createHmac('sha256', key).update(text).digest());
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
