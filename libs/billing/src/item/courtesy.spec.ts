import { describe, expect, it } from '@jest/globals';
import { beforeCourtesy, givenOn } from './courtesy.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const given = { itemId: 'W1', net: aud('100.00'), courtesy: { amount: aud('50.00'), reason: 'loyal' } };

describe('a courtesy', () => {
  it('is put back on the net for what was priced before it was given: 100.00 and 50.00 are 150.00', () => {
    expect(beforeCourtesy(given)).toEqual({ itemId: 'W1', net: aud('150.00') });
  });

  it('changes nothing of what has none, or no price', () => {
    const plain = { itemId: 'W1', net: aud('100.00') };
    expect(beforeCourtesy(plain)).toBe(plain);
    const unpriced = { ...given, net: null };
    expect(beforeCourtesy(unpriced)).toBe(unpriced);
  });

  it('is summed over the items that have one', () => {
    expect(givenOn([given, { net: aud('7.00') }, given], 'AUD').toJSON()).toEqual(aud('100.00'));
    expect(givenOn([], 'AUD').toJSON()).toEqual(aud('0.00'));
  });
});
