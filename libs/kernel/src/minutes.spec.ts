import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { billableMinutes, isWholeMinutes } from './minutes.js';
import { InvariantViolation } from './refusal.js';

describe('billableMinutes', () => {
  it.each([
    ['R1', 70, 30, 15, 75],
    ['R2', 45, 0, 1, 45],
    ['R14', 20, 120, 1, 120],
    ['the minimum is not on the increment', 5, 20, 15, 30],
    ['on the increment already', 60, 60, 60, 60],
    ['no work, no minimum', 0, 30, 15, 0],
  ])('%s: %i min, minimum %i, increment %i: %i', (_case, actual, minimum, increment, billable) => {
    expect(billableMinutes(actual, minimum, increment)).toBe(billable);
  });

  it('R12: 45 + 45 + 5 minutes at minimum and increment 60 are 2 h as a ticket and 3 h as entries', () => {
    expect(billableMinutes(45 + 45 + 5, 60, 60)).toBe(120);
    expect([45, 45, 5].map((minutes) => billableMinutes(minutes, 60, 60)).reduce((sum, minutes) => sum + minutes)).toBe(
      180,
    );
  });

  it('is the least multiple of the increment that is neither below the work nor below the minimum', () => {
    const minutes = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(minutes, minutes, minutes, (actual, minimum, increment) => {
        const billable = billableMinutes(actual, minimum, increment);
        expect(billable % increment).toBe(0);
        expect(billable).toBeGreaterThanOrEqual(Math.max(actual, minimum));
        expect(billable - increment).toBeLessThan(Math.max(actual, minimum));
      }),
    );
  });

  it.each([
    [1.5, 0, 1],
    [-1, 0, 1],
    [1, 0.5, 1],
    [1, 0, 0],
    [1, 0, -15],
    [NaN, 0, 1],
    [Infinity, 0, 1],
  ])('throws on %d min, minimum %d, increment %d', (actual, minimum, increment) => {
    expect(() => billableMinutes(actual, minimum, increment)).toThrow(InvariantViolation);
  });

  it('says which of them is not whole', () => {
    expect(() => billableMinutes(1.5, 0, 1)).toThrow('actual must be whole minutes, got 1.5');
    expect(() => billableMinutes(1, 0.5, 1)).toThrow('minimum must be whole minutes, got 0.5');
    expect(() => billableMinutes(1, 0, 0.5)).toThrow('increment must be at least a minute, got 0.5');
  });
});

describe('isWholeMinutes', () => {
  it('knows whole minutes', () => {
    expect([0, 1, 1440].every(isWholeMinutes)).toBe(true);
    expect([-1, 0.5, NaN, Infinity, '5', null].some(isWholeMinutes)).toBe(false);
  });
});
