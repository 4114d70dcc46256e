import { expect, it } from '@jest/globals';
import { theOne } from './credit.js';

it('a number that several documents have is refused with their ids, never guessed (K14)', () => {
  expect(theOne('INV-000001', [['I1', 'the invoice']])).toBe('the invoice');
  expect(theOne('INV-000001', [])).toBeNull();
  const both = [
    ['I1', 1],
    ['I2', 2],
  ] as const;
  expect(() => theOne('INV-000001', both)).toThrow('2 documents have the number INV-000001: I1, I2.');
});
