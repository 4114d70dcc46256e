import { describe, expect, it } from '@jest/globals';
import { isBusinessDate, isBusinessMonth, isBusinessTime } from './business-dates.js';

describe('business dates', () => {
  it.each([
    ['a day', isBusinessDate, '1990-01-01', '1989-12-31', '2100-12-31', '2101-01-01'],
    ['a month', isBusinessMonth, '1990-01', '1989-12', '2100-12', '2101-01'],
    [
      'a time',
      isBusinessTime,
      '1990-01-01T00:00:00Z',
      '1989-12-31T23:59:59Z',
      '2100-12-31T23:59:59Z',
      '2101-01-01T00:00:00Z',
    ],
  ])('%s is from 1990 to 2100, both included', (_, isOne, first, before, last, after) => {
    expect([first, before, last, after].map(isOne)).toEqual([true, false, true, false]);
  });

  it.each(['2026-02-30', '2026-3-1', '', '9999-12-31', '0206-01-01', '2026-03-01T00:00:00Z'])('%j is none', (text) => {
    expect(isBusinessDate(text)).toBe(false);
  });

  it('exist before they are one', () => {
    expect([isBusinessMonth('2026-13'), isBusinessTime('2026-03-01')]).toEqual([false, false]);
  });
});
