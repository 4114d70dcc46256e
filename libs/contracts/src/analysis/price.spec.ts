import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '../events.js';
import { card } from '../testing/terms.js';
import { CardPrices } from './price.js';

const rate = (workType: string | null, engineerRole: string | null, pricePerHour: string, rateClass?: string) => ({
  workType,
  engineerRole,
  pricePerHour,
  ...(rateClass === undefined ? {} : { rateClass }),
});
const prices = (changes: Partial<RateCard>) =>
  new CardPrices(card({ id: 'card', name: 'Card', currency: 'AUD', labour: [], ...changes }, 'GST'));
const remote = { workType: 'remote', engineerRole: 'senior', rateClass: 'business' };
const NAMED = { rateCardId: 'card', currency: 'AUD' };

describe('the price of time on a card', () => {
  it('is that of the very work type, then of the very role, then of the very class', () => {
    const of = prices({
      labour: [
        rate(null, null, '100'),
        rate(null, 'senior', '110'),
        rate('remote', null, '120'),
        rate('remote', 'senior', '130', 'weekend'),
        rate(null, null, '140', 'weekend'),
        rate(null, null, '999'),
      ],
    });
    const found = (work: typeof remote | { [Name in keyof typeof remote]: string | null }) => {
      const price = of.priceOf(work);
      return price?.mode === 'hourly' ? [price.price, price.from] : null;
    };
    expect(found(remote)).toEqual(['120', 'labour[2]']);
    expect(found({ ...remote, rateClass: 'weekend' })).toEqual(['130', 'labour[3]']);
    expect(found({ ...remote, workType: 'onsite' })).toEqual(['110', 'labour[1]']);
    expect(found({ ...remote, workType: null, engineerRole: null, rateClass: 'weekend' })).toEqual([
      '140',
      'labour[4]',
    ]);
    expect(found({ workType: null, engineerRole: null, rateClass: null })).toEqual(['100', 'labour[0]']);
    expect(prices({ labour: [rate('onsite', null, '100')] }).priceOf(remote)).toBeNull();
  });

  it('is multiplied by the larger of class and work type, and by no class that has a price of its own', () => {
    const labour = [rate(null, null, '100'), rate(null, null, '180', 'weekend')];
    const rateClassMultipliers = ['business', 'after-hours', 'weekend'].map((rateClass, index) => ({
      rateClass,
      multiplier: ['1', '1.5', '2'][index] ?? '',
    }));
    const workTypes: RateCard['workTypes'] = [{ workType: 'project', mode: 'multiplier', multiplier: '1.25' }];
    const of = prices({ labour, rateClassMultipliers, workTypes });
    const multiplier = (workType: string, rateClass: string | null) => {
      const price = of.priceOf({ workType, engineerRole: null, rateClass });
      return price?.mode === 'hourly' ? `${price.price} x ${price.multiplier}` : null;
    };
    expect(multiplier('remote', 'after-hours')).toBe('100 x 1.5');
    expect(multiplier('project', 'after-hours')).toBe('100 x 1.5');
    expect(multiplier('project', 'business')).toBe('100 x 1.25');
    expect(multiplier('project', null)).toBe('100 x 1.25');
    expect(multiplier('remote', 'night')).toBe('100 x 1');
    expect(multiplier('remote', null)).toBe('100 x 1');
    expect(multiplier('remote', 'weekend')).toBe('180 x 1');
    expect(multiplier('project', 'weekend')).toBe('180 x 1.25');
  });

  it('is one whatever the minutes, or tier by tier, where the work type says so, and multiplied by the class', () => {
    const tiers = [{ upToMinutes: null, pricePerHour: '90' }];
    const of = prices({
      workTypes: [
        { workType: 'remote', mode: 'flat', price: '99', per: 'ticket' },
        { workType: 'onsite', mode: 'tiers', per: 'entry', tiers },
        { workType: 'remote', mode: 'flat', price: '1', per: 'ticket' },
      ],
      rateClassMultipliers: [{ rateClass: 'weekend', multiplier: '2' }],
    });
    const flat = { ...NAMED, mode: 'flat', price: '99', per: 'ticket', from: 'workTypes[0]' };
    expect(of.priceOf(remote)).toEqual({ ...flat, multiplier: '1' });
    expect(of.priceOf({ ...remote, rateClass: 'weekend' })).toEqual({ ...flat, multiplier: '2' });
    expect(of.priceOf({ ...remote, rateClass: null })).toEqual({ ...flat, multiplier: '1' });
    expect(of.priceOf({ ...remote, workType: 'onsite' })).toEqual({
      ...NAMED,
      mode: 'tiers',
      tiers,
      per: 'entry',
      multiplier: '1',
      from: 'workTypes[1]',
    });
  });

  it('has what comes on top, and is of as many minutes as it says', () => {
    const workTypes: RateCard['workTypes'] = [
      { workType: 'remote', mode: 'amount-on-top', amount: '50', per: 'ticket' },
    ];
    const labour = [{ ...rate(null, null, '800'), priceMinutes: 480 }];
    expect(prices({ labour, workTypes }).priceOf(remote)).toMatchObject({
      mode: 'hourly',
      price: '800',
      priceMinutes: 480,
      onTop: { amount: '50', per: 'ticket' },
    });
    expect(prices({ labour: [rate(null, null, '100')] }).priceOf(remote)).toMatchObject({
      priceMinutes: 60,
      onTop: null,
    });
  });
});

describe('the price of goods on a card', () => {
  it('is the list price, or cost with a mark-up or a margin', () => {
    expect(prices({}).materialPrice()).toEqual({ ...NAMED, mode: 'list-price' });
    expect(prices({ materials: { pricing: 'cost-plus', markupPercent: '20' } }).materialPrice()).toEqual({
      ...NAMED,
      mode: 'cost-plus',
      markupPercent: '20',
    });
    expect(prices({ materials: { pricing: 'cost-plus', marginPercent: '20' } as never }).materialPrice()).toEqual({
      ...NAMED,
      mode: 'cost-plus',
      marginPercent: '20',
    });
    expect(prices({ expenses: {} }).expensePrice()).toEqual({ ...NAMED, mode: 'cost-plus', markupPercent: '0' });
    const types = [{ type: 'car', pricePerUnit: '0.85', unit: 'km' }] as never;
    expect(prices({ expenses: { markupPercent: '5', types } }).expensePrice()).toEqual({
      ...NAMED,
      mode: 'cost-plus',
      markupPercent: '5',
      types,
    });
  });
});
