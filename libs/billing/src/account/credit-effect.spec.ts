import { describe, expect, it } from '@jest/globals';
import { effectOnCharge, effectOnLine } from './credit-effect.js';

describe('what a credit note does to what it names', () => {
  it.each([
    ['bill-again', true, 'freed'],
    ['bill-again', false, 'freed'],
    ['written-off', true, 'forgone'],
    ['written-off', false, 'reduced'],
    ['corrected', true, 'settled'],
    ['corrected', false, 'settled'],
  ] as const)('work, %s (whole: %s): %s', (outcome, isWhole, effect) => {
    expect(effectOnLine({ outcome, isWhole })).toBe(effect);
  });

  it.each([
    ['bill-again', 'freed'],
    ['written-off', 'reduced'],
    ['corrected', 'settled'],
  ] as const)('a charge, %s: %s', (outcome, effect) => {
    expect(effectOnCharge({ outcome })).toBe(effect);
  });
});
