import { describe, expect, it } from '@jest/globals';
import { Decimal } from '@billtrail/kernel';
import { burnWeight } from './burn.js';
import { periodsRolledOver } from './roll-over.js';
import type { Allotment } from './terms/prepaid.js';

const remote = { workType: 'remote', rateClass: 'after-hours' };
const weightOf = (burn: Parameters<typeof burnWeight>[0], work = remote, multiplier: Decimal | string = '1.5') =>
  burnWeight(burn, work, () => multiplier).toFixed();

describe('how many minutes of a block a minute of work draws', () => {
  it('is one, where nothing else is agreed, whatever the card multiplies', () => {
    expect(weightOf(undefined)).toBe('1');
  });

  it('is what the card lays on the price: two hours at one and a half draw three', () => {
    expect(weightOf({ by: 'multiplier' })).toBe('1.5');
    expect(weightOf({ by: 'multiplier' }, remote, new Decimal(2))).toBe('2');
    // Work that the card gives for nothing draws its own time.
    expect(weightOf({ by: 'multiplier' }, remote, '0')).toBe('1');
  });

  it('is the largest of the weights that fit', () => {
    const weights = [
      { workType: 'remote', weight: '1.25' },
      { rateClass: 'after-hours', weight: '2' },
      { workType: 'remote', rateClass: 'after-hours', weight: '1.75' },
      { workType: 'onsite', weight: '3' },
      { rateClass: 'weekend', weight: '4' },
    ];
    const burn = { by: 'weights', weights } as const;
    expect(weightOf(burn)).toBe('2');
    expect(weightOf(burn, { workType: 'remote', rateClass: 'business' })).toBe('1.25');
    expect(weightOf(burn, { workType: 'onsite', rateClass: 'weekend' })).toBe('4');
    expect(weightOf(burn, { workType: 'advice', rateClass: 'business' })).toBe('1');
    expect(weightOf({ by: 'weights', weights: [{ weight: '0.5' }] })).toBe('0.5');
  });
});

describe('for how many periods an unused base rolls over', () => {
  const of = (rollOver: Allotment['rollOver'], rollOverPeriods?: number) =>
    periodsRolledOver({ rollOver, ...(rollOverPeriods === undefined ? {} : { rollOverPeriods }) } as Allotment);

  it('is none, one, or as many as the terms say', () => {
    expect([of('none'), of('one-period'), of('periods', 3)]).toEqual([0, 1, 3]);
  });

  it('is stated where it is for several', () => {
    expect(() => of('periods')).toThrow('a base that rolls over for periods states how many');
  });
});
