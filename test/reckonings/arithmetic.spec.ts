import { describe, expect, it } from '@jest/globals';
import { reckoned } from './arithmetic.js';

describe('the arithmetic of a page', () => {
  it.each([
    ['2,400.00 x 22/31', '1703.23'],
    ['(5 - 3) x 125.00 x 17/31', '137.10'],
    ['169.35 + 342.74 - 375.00', '137.09'],
    ['-35.00 x 2', '-70.00'],
    ['10.00 / 4 - 2.505', '-0.01'],
    ['1,487.40 x 10/100', '148.74'],
    ['0.125 x 1', '0.13'],
    ['0 - 0.004', '0.00'],
    ['100', '100.00'],
  ])('%s = %s', (sum, amount) => {
    expect(reckoned(sum)).toBe(amount);
  });

  it('is whole in a currency without minor units', () => {
    expect(reckoned('220,000 x 15/31', 0)).toBe('106452');
  });

  it.each(['', '1 +', '(1', '1 1', 'a', '1 / 0'])('refuses %j', (sum) => {
    expect(() => reckoned(sum)).toThrow();
  });
});
